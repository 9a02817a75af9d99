// Reads records one after another until one is left to Python: documents of a file, or elements of a list.
#pragma once

#include "walk.hpp"

namespace smsearch {

// How far some documents or elements were read.
struct Progress {
    std::size_t at = 0;        // where the first line, or the first separator, stands that was not taken
    std::int64_t lines = 0;    // newlines before it
    std::uint32_t records = 0;
    bool are_lines = true;     // whether each document stands on one line
};

// How many records are taken at most, and the bytes that one of them may have.
struct Limits {
    std::uint32_t records = 0, bytes = 0;
};

// A list of records that is a document by itself, or the only list in one; all of that document is JSON.
struct FoundList {
    std::size_t begin = 0;  // behind its bracket
    std::size_t end = 0;    // behind the document's last line
    std::int64_t lines = 0;
    bool is_member = false;  // whether it is one of the document, and not the document
    bool is_cut = false;     // whether the document goes on behind the data: what else is said of it does not count
    std::string name;
    std::vector<std::string> others;  // the document's other members
};

// Takes documents from `from.at` on, up to one that is left or to `records_max`; the byte behind `size` is readable.
// A document ends with its line; if `is_last`, also with the data.
Progress read_lines(Walk& walk, const char* data, Progress from, std::size_t size, bool is_last, std::uint32_t first_row,
                    std::int64_t first_line, std::uint32_t records_max);

// Takes the elements of a list from `from.at` on, where one stands, or the comma before it.
Progress read_elements(Walk& walk, const char* data, Progress from, std::size_t size, std::uint32_t first_row,
                       std::int64_t first_place, Limits limits);

// Finds the list of the document that begins on the line at `at`, if it has an element.
bool find_list(const char* data, std::size_t at, std::size_t size, bool is_last, FoundList& list);

// Where the element at a place, or behind the comma there, begins and ends; nothing at the end of the list.
bool find_element(const char* data, std::size_t at, std::size_t size, std::size_t& begin, std::size_t& end);

}  // namespace smsearch
