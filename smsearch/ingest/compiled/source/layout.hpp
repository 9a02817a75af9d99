// What may stand where in a record of one kind, and into which column it goes: `layout.py` makes it of the catalogue.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "columns.hpp"

namespace smsearch {

// The same numbers as in `layout.py`.
enum class NodeType : std::uint8_t { left, text, whole, number, boolean, time, structure, map, list };

constexpr int no_column = -1;
constexpr std::size_t members_max = 256;
constexpr std::size_t pair_members_max = 32;
constexpr std::size_t targets_max = 16;

// A member that the stored document has at its end if it is empty or not there (row R12).
struct Completion {
    std::uint32_t member;
    std::string written;  // `"Tags":[]`
};

// The members of which the first that is there is stored under a user's key.
using Target = std::vector<std::uint32_t>;

// What a user's key was met as: its columns, one a target, and the last list or map that had it.
struct KeyEntry {
    std::uint32_t first_column = 0;
    std::uint64_t met_in = 0;
    std::uint32_t pair = 0;
};

struct Node {
    NodeType type = NodeType::left;
    int column = no_column;  // of a plain value; of presence
    bool may_be_empty = true;
    std::unordered_set<std::string> enumeration;

    // Of a structure.
    std::vector<std::string> members;  // each with the quote that ends it: `Name"`
    std::vector<std::uint32_t> member_nodes;
    std::unordered_map<std::string, std::uint32_t> member_of;
    std::vector<std::uint32_t> guesses;  // the member that came after each the last time; the last one: which came first
    bool is_union = false;
    bool drops_metadata = false;
    std::vector<Completion> completions;

    // Of a map, or of a list of pairs.
    std::vector<Target> targets;  // none: the value of a map is plain
    Dictionary keys;
    std::vector<KeyEntry> entries;
    std::uint32_t number = 0;  // its own

    // Of a map or of a list.
    std::uint32_t element = 0;
    std::uint32_t table = 0;  // of a list
    bool has_pairs = false;
    std::uint32_t key_member = 0;
    int latest_member = -1;
};

// The column of a user's key: of which node, which key, which target.
struct KeyColumn {
    std::uint32_t node, key, target;
};

// Records of a kind, as the members of its root.
struct Layout {
    std::vector<Node> nodes;
    std::uint32_t root = 0;
    std::uint32_t column_count = 0;  // those that are known before a user's key is met
    std::uint32_t table_count = 0;
    int arn = -1, name = -1, version = -1, modified = -1;  // members of the root
    std::vector<std::uint32_t> identity_members;  // one of them must be a text that is not empty
    std::unordered_set<std::string> metadata;     // folded; left out wherever it stands
    std::vector<std::uint32_t> filled_members;    // Python would work them out if they were not there
    std::vector<std::uint8_t> is_beyond_summary;  // by member of the root: whether no List operation says it
    bool shares_arn = false;                      // whether other kinds call their ARNs alike
    std::string wrapper;                          // the key above a record, quoted; "" if there is none
};

}  // namespace smsearch
