// What records are flattened into: dictionaries of texts, the values of columns by JSON type, the rows of lists' tables.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "text.hpp"

namespace smsearch {

// Distinct texts, each with a code: its place in the order in which they came.
class Dictionary {
  public:
    std::uint32_t code_of(Text text);
    Text at(std::uint32_t code) const;
    std::size_t size() const { return hashes_.size(); }
    void clear();

    const std::string& bytes() const { return bytes_; }
    const std::vector<std::int64_t>& offsets() const { return offsets_; }

  private:
    void grow();

    std::vector<std::uint32_t> slots_;  // code + 1, or 0; as many as a power of two
    std::vector<std::uint64_t> hashes_;
    std::vector<std::int64_t> offsets_{0};
    std::string bytes_;
};

enum class ValueType : std::uint8_t { absent, text, whole, real, boolean, presence };

// A plain value; a text lies in the input, or with the cursor, until it is stored.
struct Value {
    ValueType type = ValueType::absent;
    union {
        Text text;
        std::int64_t whole;
        double real;
        bool boolean;
    };
    Value() : text{} {}
};

// The values of one column; rows ascend within each part. As `BufferedValues` in Python.
struct Column {
    void add(std::uint32_t row, const Value& value);
    bool is_empty() const { return text_rows.empty() && whole_rows.empty() && real_rows.empty() && boolean_rows.empty(); }
    void clear();

    std::vector<std::uint32_t> text_rows, text_codes, whole_rows, real_rows, boolean_rows;
    Dictionary texts;
    std::vector<std::int64_t> wholes;
    std::vector<double> reals;
    std::vector<std::uint8_t> booleans;
};

}  // namespace smsearch
