// Maps and lists of a record, and the user's own keys in both.
#include "walk.hpp"

namespace smsearch {

namespace {
constexpr std::size_t key_columns_max = 1u << 24;
}

// A map from the user's own keys.
bool Walk::map(std::uint32_t node_number, std::uint32_t row, Outcome& outcome) {
    Node& node = layout_.nodes[node_number];
    const std::uint64_t container = ++container_;
    std::array<Value, pair_members_max> captured;
    ++cursor_->at;
    cursor_->skip_blanks();
    outcome.is_empty = *cursor_->at == '}';
    while (*cursor_->at != '}') {
        Text key;
        if (*cursor_->at != '"' || !cursor_->read_string(key)) return false;
        cursor_->skip_blanks();
        if (*cursor_->at != ':') return false;
        ++cursor_->at;
        cursor_->skip_blanks();
        if (key_columns_.size() > key_columns_max) return false;
        KeyEntry& entry = entry_of(node, key);
        if (entry.met_in == container) return false;  // twice in one map
        entry.met_in = container;
        const std::uint32_t first_column = entry.first_column;
        Outcome below;
        if (node.targets.empty()) {
            if (!value(node.element, row, below) || below.is_dropped) return false;
            store(static_cast<int>(first_column), row, below.value);
        } else {
            if (*cursor_->at != '{') return false;
            for (Value& one : captured) one.type = ValueType::absent;
            if (!structure(node.element, row, below, captured.data())) return false;
            for (std::size_t at = 0; at < node.targets.size(); ++at) {
                store(static_cast<int>(first_column + at), row, first_of(node.targets[at], captured.data()));
            }
        }
        outcome.is_present |= below.is_present;
        cursor_->skip_blanks();
        if (*cursor_->at == '}') break;
        if (*cursor_->at != ',') return false;
        ++cursor_->at;
        cursor_->skip_blanks();
        if (*cursor_->at != '"') return false;
    }
    ++cursor_->at;
    if (outcome.is_present) store_presence(node.column, row);
    return true;
}

// A list, each element a row of its table; of pairs, also the user's own keys.
bool Walk::list(std::uint32_t node_number, std::uint32_t row, Outcome& outcome) {
    Node& node = layout_.nodes[node_number];
    std::vector<Pair> pairs;
    pending_tables_.push_back(node.table);
    ++cursor_->at;
    cursor_->skip_blanks();
    outcome.is_empty = *cursor_->at == ']';
    while (*cursor_->at != ']') {
        std::vector<std::uint32_t>& parents = tables_[node.table];
        const auto element_row = static_cast<std::uint32_t>(parents.size());
        parents.push_back(row);
        Outcome below;
        if (!element(node, element_row, pairs, below) || below.is_dropped) return false;
        if (!below.is_present) parents.pop_back();
        outcome.is_present |= below.is_present;
        cursor_->skip_blanks();
        if (*cursor_->at == ']') break;
        if (*cursor_->at != ',') return false;
        ++cursor_->at;
        cursor_->skip_blanks();
        if (*cursor_->at == ']') return false;
    }
    ++cursor_->at;
    store_pairs(node, row, pairs);
    if (outcome.is_present) store_presence(node.column, row);
    return true;
}

bool Walk::element(const Node& node, std::uint32_t row, std::vector<Pair>& pairs, Outcome& outcome) {
    if (!node.has_pairs) return value(node.element, row, outcome);
    std::array<Value, pair_members_max> captured;
    if (*cursor_->at != '{' || !structure(node.element, row, outcome, captured.data())) return false;
    const Value& key = captured[node.key_member];
    if (key.type != ValueType::text) return key.type == ValueType::absent;
    Pair pair;
    pair.key = key.text;
    pair.has_latest = node.latest_member >= 0 && captured[node.latest_member].type == ValueType::whole;
    pair.latest = pair.has_latest ? captured[node.latest_member].whole : 0;
    for (std::size_t at = 0; at < node.targets.size(); ++at) pair.values[at] = first_of(node.targets[at], captured.data());
    pairs.push_back(pair);
    return true;
}

// Of each key the newest pair, else the last (row F16).
void Walk::store_pairs(Node& node, std::uint32_t row, std::vector<Pair>& pairs) {
    const std::uint64_t container = ++container_;
    std::vector<std::uint32_t> keys;
    for (std::uint32_t at = 0; at < pairs.size(); ++at) {
        KeyEntry& entry = entry_of(node, pairs[at].key);
        const bool is_first = entry.met_in != container;
        if (is_first) keys.push_back(static_cast<std::uint32_t>(&entry - node.entries.data()));
        entry.met_in = container;
        const Pair& before = pairs[is_first ? at : entry.pair];
        const bool is_older = !is_first && node.latest_member >= 0 && before.has_latest &&
                              !(pairs[at].has_latest && pairs[at].latest >= before.latest);
        if (!is_older) entry.pair = at;
    }
    for (const std::uint32_t key : keys) {
        const KeyEntry& entry = node.entries[key];
        for (std::size_t at = 0; at < node.targets.size(); ++at) {
            store(static_cast<int>(entry.first_column + at), row, pairs[entry.pair].values[at]);
        }
    }
}

// The entry of a key, with columns of its own made when it is first met.
KeyEntry& Walk::entry_of(Node& node, Text key) {
    const std::uint32_t code = node.keys.code_of(key);
    if (code == node.entries.size()) {
        KeyEntry entry;
        entry.first_column = static_cast<std::uint32_t>(columns_.size());
        node.entries.push_back(entry);
        const std::size_t count = node.targets.empty() ? 1 : node.targets.size();
        for (std::size_t target = 0; target < count; ++target) {
            columns_.emplace_back();
            key_columns_.push_back({node.number, code, static_cast<std::uint32_t>(target)});
        }
    }
    return node.entries[code];
}

Value Walk::first_of(const Target& target, const Value* captured) {
    for (const std::uint32_t member : target) {
        if (captured[member].type != ValueType::absent) return captured[member];
    }
    return Value();
}

}  // namespace smsearch
