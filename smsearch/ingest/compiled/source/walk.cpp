#include "walk.hpp"

#include "times.hpp"

namespace smsearch {

namespace {

constexpr std::size_t strange_max = 1'000;   // names of metadata that are told apart
constexpr std::size_t usual_max = 4'096;     // orders of members that are remembered
constexpr std::size_t metadata_length_max = 64;

using Seen = std::array<std::uint64_t, members_max / 64>;

bool is_seen(const Seen& seen, std::uint32_t member) { return (seen[member / 64] >> (member % 64) & 1) != 0; }
void see(Seen& seen, std::uint32_t member) { seen[member / 64] |= std::uint64_t{1} << (member % 64); }

std::string string_of(Text text) { return std::string(text.data, text.size); }

// A name as `catalogue.fold` has it; only of ASCII.
bool fold(Text name, std::string& folded) {
    if (name.size > metadata_length_max) return false;
    for (std::size_t at = 0; at < name.size; ++at) {
        const char letter = name.data[at];
        if (static_cast<unsigned char>(letter) >= 0x80) return false;
        if (letter != '_') folded.push_back(letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter | 0x20) : letter);
    }
    return true;
}

}  // namespace

Walk::Walk(Layout layout, std::string prefix, Judge judge)
    : layout_(std::move(layout)), prefix_(std::move(prefix)), judge_(std::move(judge)), columns_(layout_.column_count),
      tables_(layout_.table_count), table_sizes_(layout_.table_count),
      is_met_(layout_.table_count), root_values_(members_max) {}

bool Walk::read(const char*& at, const char* end, std::uint32_t row) {
    document_size_ = reading_.documents.size();
    reading_.documents += prefix_;
    Cursor cursor(at, end, reading_.documents);
    cursor_ = &cursor;
    for (std::size_t table = 0; table < tables_.size(); ++table) table_sizes_[table] = tables_[table].size();
    const bool is_read = record(row);
    at = cursor.at;
    cursor_ = nullptr;
    // Texts with escapes lie with the cursor, so what is stored of them is stored before it goes.
    if (is_read) unescaped_ = cursor.release_unescaped();
    else leave();
    return is_read;
}

void Walk::keep(std::int64_t place) {
    for (const Pending& one : pending_) columns_[one.column].add(one.row, one.value);
    for (const std::uint32_t table : pending_tables_) is_met_[table] = 1;
    pending_.clear();
    pending_tables_.clear();
    reading_.documents += "},";
    reading_.lengths.push_back(static_cast<std::uint32_t>(reading_.documents.size() - document_size_));
    reading_.places.push_back(place);
    reading_.marks.push_back(static_cast<std::uint8_t>((is_wrapped_ ? is_wrapped : 0) | (has_more_than_summary_ ? 0 : is_summary)));
    reading_.arns.push_back(text_of(layout_.arn));
    reading_.names.push_back(text_of(layout_.name));
    reading_.versions.push_back(text_of(layout_.version));
    const bool has_time = layout_.modified >= 0 && root_values_[layout_.modified].type == ValueType::whole;
    reading_.modified.push_back(has_time ? root_values_[layout_.modified].whole : never_modified);
    reading_.naive_times += naive_times_;
}

void Walk::leave() {
    reading_.documents.resize(document_size_);
    pending_.clear();
    pending_tables_.clear();
    for (std::size_t table = 0; table < tables_.size(); ++table) tables_[table].resize(table_sizes_[table]);
}

// A record, perhaps under its key.
bool Walk::record(std::uint32_t row) {
    signature_.clear();
    strange_.clear();
    naive_times_ = 0;
    has_more_than_summary_ = has_empty_ = false;
    for (Value& value : root_values_) value.type = ValueType::absent;
    Outcome outcome;
    is_wrapped_ = skip_wrapper();
    if (*cursor_->at != '{' || !structure(layout_.root, row, outcome, root_values_.data())) return false;
    cursor_->copy_to(cursor_->at);
    if (is_wrapped_) {
        cursor_->from = cursor_->at;
        const std::size_t size = cursor_->document.size();
        cursor_->skip_blanks();
        cursor_->document.resize(size);
        if (*cursor_->at != '}') return false;
        ++cursor_->at;
    }
    return is_complete() && is_usual();
}

// Goes behind `{"TrainingJob":` if an object stands there.
bool Walk::skip_wrapper() {
    if (layout_.wrapper.empty() || *cursor_->at != '{') return false;
    const char* begin = cursor_->at;
    const std::size_t size = cursor_->document.size();
    const auto expect = [this](Text text) {
        cursor_->skip_blanks();
        return cursor_->read_literal(text);
    };
    ++cursor_->at;
    const bool is_there = expect({layout_.wrapper.data(), layout_.wrapper.size()}) && expect({":", 1});
    if (is_there) cursor_->skip_blanks();
    const bool is_wrapper = is_there && *cursor_->at == '{';
    cursor_->document.resize(size);
    if (!is_wrapper) cursor_->at = begin;
    cursor_->from = cursor_->at;
    return is_wrapper;
}

// Whether it has all that Python would work out of other members.
bool Walk::is_complete() const {
    for (const std::uint32_t member : layout_.filled_members) {
        const Value& value = root_values_[member];
        if (value.type == ValueType::absent || (value.type == ValueType::text && value.text.size == 0)) return false;
    }
    return !(layout_.shares_arn && has_empty_);
}

// A plain member of the root as an identity has it.
std::string Walk::text_of(int member) const {
    if (member < 0) return std::string();
    const Value& value = root_values_[member];
    if (value.type == ValueType::whole) return std::to_string(value.whole);
    return value.type == ValueType::text ? string_of(value.text) : std::string();
}

// Whether the record has an identity, and its members are in an order that Python has judged.
bool Walk::is_usual() {
    bool has_identity = false;
    for (const std::uint32_t member : layout_.identity_members) {
        has_identity |= root_values_[member].type == ValueType::text && root_values_[member].text.size > 0;
    }
    const std::string arn = text_of(layout_.arn);
    if (!has_identity || (arn.empty() && text_of(layout_.name).empty())) return false;
    std::string key(reinterpret_cast<const char*>(signature_.data()), signature_.size() * sizeof(char32_t));
    for (const std::string& name : strange_) key += name + '\0';
    if (!layout_.shares_arn && usual_.count(key) != 0) return true;
    std::vector<std::string> names;
    std::size_t next_strange = 0;
    for (const char32_t member : signature_) {
        if (member >= members_max) {
            names.push_back(strange_[next_strange++]);
        } else {
            const std::string& quoted = layout_.nodes[layout_.root].members[member];
            names.push_back(quoted.substr(0, quoted.size() - 1));
        }
    }
    if (!judge_(names, arn)) return false;
    if (usual_.size() < usual_max) usual_.insert(std::move(key));
    return true;
}

bool Walk::value(std::uint32_t node, std::uint32_t row, Outcome& outcome) {
    const Node& here = layout_.nodes[node];
    bool is_taken = false;
    switch (here.type) {
        case NodeType::left: return false;
        case NodeType::structure: return *cursor_->at == '{' && structure(node, row, outcome, nullptr);
        case NodeType::map: return *cursor_->at == '{' && map(node, row, outcome);
        case NodeType::list: return *cursor_->at == '[' && list(node, row, outcome);
        case NodeType::text: is_taken = text(here, outcome); break;
        case NodeType::whole:
        case NodeType::number: is_taken = number(here, outcome); break;
        case NodeType::boolean: is_taken = boolean(outcome); break;
        case NodeType::time: is_taken = time(outcome); break;
    }
    if (is_taken && !outcome.is_dropped) {
        outcome.is_present = true;
        store(here.column, row, outcome.value);
    }
    return is_taken;
}

bool Walk::text(const Node& node, Outcome& outcome) {
    if (*cursor_->at != '"') return false;
    outcome.value.type = ValueType::text;
    if (!cursor_->read_string(outcome.value.text)) return false;
    if (outcome.value.text.size == 0) {
        outcome.is_empty = true;
        outcome.is_dropped = !node.may_be_empty;
        return true;
    }
    return node.enumeration.empty() || node.enumeration.count(string_of(outcome.value.text)) != 0;
}

bool Walk::number(const Node& node, Outcome& outcome) {
    Number number;
    if (!cursor_->read_number(number)) return false;
    if (number.is_whole) {
        outcome.value.type = ValueType::whole;
        outcome.value.whole = number.whole;
        return true;
    }
    outcome.value.type = ValueType::real;
    outcome.value.real = number.real;
    return node.type == NodeType::number;
}

bool Walk::boolean(Outcome& outcome) {
    outcome.value.type = ValueType::boolean;
    outcome.value.boolean = *cursor_->at == 't';
    return cursor_->read_literal(outcome.value.boolean ? Text{"true", 4} : Text{"false", 5});
}

// A time, which the document has as the wire does.
bool Walk::time(Outcome& outcome) {
    const char* begin = cursor_->at;
    const Cursor::Mark mark = cursor_->mark();
    std::int64_t micros = 0;
    if (*begin == '"') {
        Text spelled;
        bool is_naive = false;
        if (!cursor_->read_string(spelled)) return false;
        if (spelled.size == 0) return outcome.is_dropped = true;
        if (!micros_of_iso(spelled, micros, is_naive)) return false;
        naive_times_ += is_naive;
    } else {
        Number number;
        if (!cursor_->read_number(number) || !micros_of_number(number, micros)) return false;
    }
    cursor_->cut(mark, begin);
    append_seconds(cursor_->document, micros);
    outcome.value.type = ValueType::whole;
    outcome.value.whole = micros;
    return true;
}

// The members of a structure; `captured` is given the plain values by member.
bool Walk::structure(std::uint32_t node_number, std::uint32_t row, Outcome& outcome, Value* captured) {
    Node& node = layout_.nodes[node_number];
    const bool is_root = node_number == layout_.root;
    Seen seen{}, there{};
    std::uint32_t previous = static_cast<std::uint32_t>(node.members.size());
    std::size_t written = 0, count = 0;
    ++cursor_->at;
    cursor_->skip_blanks();
    const char* separator = cursor_->at;
    Cursor::Mark mark = cursor_->mark();
    while (*cursor_->at != '}') {
        if (*cursor_->at != '"') return false;
        const int at = find_member(node, previous);
        Outcome below;
        if (at < 0) {
            if (!strange(node, is_root)) return false;
            below.is_dropped = true;
        } else {
            const auto found = static_cast<std::uint32_t>(at);
            if (is_seen(seen, found)) return false;
            see(seen, found);
            if (is_root) signature_.push_back(found);
            if (!member(node, row, found, below, captured)) return false;
            node.guesses[previous] = found;
            previous = found;
            outcome.is_present |= below.is_present;
            if (is_root) {
                const bool is_there = !below.is_dropped && !below.is_empty;
                has_empty_ |= !is_there;
                has_more_than_summary_ |= is_there && layout_.is_beyond_summary[found] != 0;
            }
        }
        bool is_moved = false;
        if (!below.is_dropped) {
            ++count;
            for (const Completion& one : node.completions) is_moved |= below.is_empty && static_cast<int>(one.member) == at;
            if (!is_moved) see(there, static_cast<std::uint32_t>(at));
        }
        if (below.is_dropped || is_moved) {
            cursor_->cut(mark, separator);
        } else {
            ++written;
        }
        cursor_->skip_blanks();
        if (*cursor_->at == '}') break;
        if (*cursor_->at != ',') return false;
        separator = cursor_->at;
        mark = cursor_->mark();
        ++cursor_->at;
        if (written == 0) {
            cursor_->cut(mark, separator);
            separator = cursor_->at;
            mark = cursor_->mark();
        }
        cursor_->skip_blanks();
        if (*cursor_->at != '"') return false;
    }
    if (node.is_union && count != 1) return false;
    if (!node.completions.empty()) complete(node, there, written == 0);
    ++cursor_->at;
    outcome.is_empty = count == 0;
    if (outcome.is_present) store_presence(node.column, row);
    return true;
}

// Writes what the service always sends at the end of an object that is about to close.
void Walk::complete(const Node& node, const Seen& there, bool is_first) {
    cursor_->copy_to(cursor_->at);
    cursor_->from = cursor_->at;
    for (const Completion& one : node.completions) {
        if (is_seen(there, one.member)) continue;
        if (!is_first) cursor_->document.push_back(',');
        cursor_->document += one.written;
        is_first = false;
    }
}

bool Walk::member(Node& node, std::uint32_t row, std::uint32_t at, Outcome& outcome, Value* captured) {
    cursor_->skip_blanks();
    if (*cursor_->at != ':') return false;
    ++cursor_->at;
    cursor_->skip_blanks();
    if (*cursor_->at == 'n') {
        outcome.is_dropped = true;
        return cursor_->read_literal({"null", 4});
    }
    if (!value(node.member_nodes[at], row, outcome)) return false;
    if (captured != nullptr && !outcome.is_dropped) captured[at] = outcome.value;
    return true;
}

// The member whose name stands at the cursor, which then stands behind it; -1 if the structure has none of that name.
int Walk::find_member(Node& node, std::uint32_t previous) {
    const char* name = cursor_->at + 1;
    const std::uint32_t guess = node.guesses[previous];
    if (guess < node.members.size()) {
        const std::string& quoted = node.members[guess];
        if (static_cast<std::size_t>(cursor_->end - name) >= quoted.size() &&
            std::memcmp(name, quoted.data(), quoted.size()) == 0) {
            cursor_->at = name + quoted.size();
            return static_cast<int>(guess);
        }
    }
    const void* stop = std::memchr(name, '"', static_cast<std::size_t>(cursor_->end - name));
    if (stop == nullptr) return -1;
    const auto member = node.member_of.find(std::string(name, static_cast<const char*>(stop)));
    if (member == node.member_of.end()) return -1;
    cursor_->at = static_cast<const char*>(stop) + 1;
    return static_cast<int>(member->second);
}

// A member that the structure does not have: left out if SDKs add it to a response.
bool Walk::strange(const Node& node, bool is_root) {
    Text name;
    std::string folded;
    if (!node.drops_metadata || !cursor_->read_string(name) || !fold(name, folded) || layout_.metadata.count(folded) == 0) return false;
    if (is_root) {
        if (strange_.size() >= strange_max) return false;
        strange_.push_back(string_of(name));
        signature_.push_back(members_max);
    }
    cursor_->skip_blanks();
    if (*cursor_->at != ':') return false;
    ++cursor_->at;
    cursor_->skip_blanks();
    return cursor_->skip_value();
}

void Walk::store(int column, std::uint32_t row, const Value& value) {
    if (column == no_column || value.type == ValueType::absent) return;
    pending_.push_back({static_cast<std::uint32_t>(column), row, value});
}

void Walk::store_presence(int column, std::uint32_t row) {
    Value value;
    value.type = ValueType::presence;
    store(column, row, value);
}

}  // namespace smsearch
