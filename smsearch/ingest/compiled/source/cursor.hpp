// Where the reader is in its input, and the document that it writes meanwhile.
//
// Most of a document is the input itself. So bytes are not copied one token at a time: `from` is where the next slice to
// be copied begins, and only where the document differs from the input (blanks, times, members that are left out) is the
// slice before it written.
//
// Every function that returns bool says whether it dared: false leaves the record to Python, whatever the reason.
#pragma once

#include <cstdint>
#include <deque>
#include <string>

#include "text.hpp"

namespace smsearch {

// A number as JSON spells it. Of a whole one, `real` is not set; of another, `whole` is not.
struct Number {
    bool is_whole = false;
    std::int64_t whole = 0;
    double real = 0;
    Text spelling;  // in the input
};

class Cursor {
  public:
    // `end` must be readable, and neither a quote nor a digit: a newline or NUL stands there.
    Cursor(const char* begin, const char* end, std::string& document) : at(begin), end(end), from(begin), document(document) {}

    // Where to go back to, if what comes next is left out.
    struct Mark {
        std::size_t size;
        const char* from;
    };

    Mark mark() const { return {document.size(), from}; }
    void copy_to(const char* to) { document.append(from, static_cast<std::size_t>(to - from)); }
    // Leaves out what stands between `begin` and here; `mark` was made at `begin`.
    void cut(Mark mark, const char* begin);
    // Writes something else for what stands between `begin` and here.
    void replace(const char* begin, Text with);

    void skip_blanks() {
        if (is_blank(*at)) leave_out_blanks();
    }
    bool read_literal(Text literal);
    // A string at its quote. The text is a slice of the input, or of a text that the cursor keeps.
    bool read_string(Text& text);
    // A number that a double or 64 bits hold without loss, and that is written in one known way.
    bool read_number(Number& number);
    // The texts with escapes that were read; who takes them keeps them as long as the texts.
    std::deque<std::string> release_unescaped() { return std::move(unescaped_); }
    // Whether what could not be read may go on behind the end.
    bool is_cut() const { return is_string_cut_ || static_cast<std::size_t>(end - at) < literal_max; }
    // Any value, which is checked and not kept.
    bool skip_value(int depth = 0);

    const char* at;
    const char* const end;
    const char* from;
    std::string& document;

  private:
    static bool is_blank(char byte) { return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n'; }
    void leave_out_blanks();
    bool read_escaped(const char* begin, Text& text);
    bool respell(const Number& number, const char* begin);

    static constexpr std::size_t literal_max = 5;  // false

    bool is_string_cut_ = false;
    std::deque<std::string> unescaped_;
};

// Writes a text as JSON as orjson does: UTF-8 as it is, the shortest escapes.
void append_quoted(std::string& out, const std::string& text);

// Whether some bytes are UTF-8: no surrogates, nothing longer than it need be.
bool is_utf8(const char* at, const char* end);

}  // namespace smsearch
