// One walk along a record: checks it, writes its document, and stores its values in columns.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <unordered_set>
#include <vector>

#include "cursor.hpp"
#include "layout.hpp"

namespace smsearch {

// What was read of the records since the last `take`.
struct Reading {
    std::string documents;
    std::vector<std::uint32_t> lengths;
    std::vector<std::int64_t> places;   // the line of a document, the position of a list's element
    std::vector<std::uint8_t> marks;    // `is_wrapped` and `is_summary`
    std::vector<std::string> arns, names, versions;
    std::vector<std::int64_t> modified;  // `never_modified` where there is no time
    std::int64_t naive_times = 0;
};

constexpr std::int64_t never_modified = INT64_MIN;
constexpr std::uint8_t is_wrapped = 1;  // it stood under its key, as in a result of Search
constexpr std::uint8_t is_summary = 2;  // it has nothing that a List operation does not say

class Walk {
  public:
    // Says whether a record with these members, in this order, needs nothing but the walk; its ARN is looked at in
    // kinds that share the name of their ARNs.
    using Judge = std::function<bool(const std::vector<std::string>&, const std::string&)>;

    Walk(Layout layout, std::string prefix, Judge judge);

    // Reads the record at a place, which is then behind it; the byte at `end` is NUL. Nothing changes if it is left. What
    // was read is to be kept or left.
    bool read(const char*& at, const char* end, std::uint32_t row);
    void keep(std::int64_t place);
    void leave();

    Reading& reading() { return reading_; }
    std::vector<Column>& columns() { return columns_; }
    const std::vector<KeyColumn>& key_columns() const { return key_columns_; }
    std::vector<std::vector<std::uint32_t>>& tables() { return tables_; }
    bool has_met(std::size_t table) const { return is_met_[table] != 0; }
    const Layout& layout() const { return layout_; }

  private:
    struct Pending {
        std::uint32_t column, row;
        Value value;
    };
    // What became of a value.
    struct Outcome {
        bool is_present = false;
        bool is_empty = false;    // "", {} or []
        bool is_dropped = false;  // as good as absent (row F5)
        Value value;
    };
    struct Pair {
        Text key;
        std::int64_t latest;
        bool has_latest;
        std::array<Value, targets_max> values;
    };

    bool record(std::uint32_t row);
    bool skip_wrapper();
    bool is_usual();
    bool is_complete() const;
    std::string text_of(int member) const;
    bool value(std::uint32_t node, std::uint32_t row, Outcome& outcome);
    bool text(const Node& node, Outcome& outcome);
    bool number(const Node& node, Outcome& outcome);
    bool boolean(Outcome& outcome);
    bool time(Outcome& outcome);
    bool structure(std::uint32_t node, std::uint32_t row, Outcome& outcome, Value* captured);
    bool member(Node& node, std::uint32_t row, std::uint32_t at, Outcome& outcome, Value* captured);
    bool strange(const Node& node, bool is_root);
    int find_member(Node& node, std::uint32_t previous);
    void complete(const Node& node, const std::array<std::uint64_t, members_max / 64>& there, bool is_first);
    bool map(std::uint32_t node, std::uint32_t row, Outcome& outcome);
    bool list(std::uint32_t node, std::uint32_t row, Outcome& outcome);
    bool element(const Node& node, std::uint32_t row, std::vector<Pair>& pairs, Outcome& outcome);
    void store_pairs(Node& node, std::uint32_t row, std::vector<Pair>& pairs);
    KeyEntry& entry_of(Node& node, Text key);
    static Value first_of(const Target& target, const Value* captured);
    void store(int column, std::uint32_t row, const Value& value);
    void store_presence(int column, std::uint32_t row);

    Layout layout_;
    std::string prefix_;  // what every document begins with: `{"TrainingJob":`
    Judge judge_;
    Cursor* cursor_ = nullptr;
    std::vector<Column> columns_;
    std::vector<KeyColumn> key_columns_;
    std::vector<std::vector<std::uint32_t>> tables_;  // rows above, element by element
    std::vector<std::size_t> table_sizes_;            // before this record
    std::size_t document_size_ = 0;                   // of all documents before this record
    bool is_wrapped_ = false, has_more_than_summary_ = false, has_empty_ = false;  // of this record
    std::vector<std::uint8_t> is_met_;                // for each table, whether a record had its list, empty or not
    std::vector<std::uint32_t> pending_tables_;
    std::vector<Pending> pending_;
    std::vector<Value> root_values_;
    std::u32string signature_;  // the root's members in their order; strange ones beyond `members_max`
    std::unordered_set<std::string> usual_;
    std::vector<std::string> strange_;
    std::deque<std::string> unescaped_;
    std::uint64_t container_ = 0;
    std::int64_t naive_times_ = 0;
    Reading reading_;
};

}  // namespace smsearch
