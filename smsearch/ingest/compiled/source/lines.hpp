// Reads JSON lines, one record each, until one is left to Python.
#pragma once

#include "walk.hpp"

namespace smsearch {

// How far some lines were read.
struct Progress {
    std::size_t at = 0;        // where the first line begins that was not taken
    std::int64_t lines = 0;    // lines before it, blank ones too
    std::uint32_t records = 0;
};

// Takes whole lines from `at` on, up to one that is left or to `records_max`; the byte behind `size` is readable.
inline Progress read_lines(Walk& walk, const char* data, Progress from, std::size_t size, std::uint32_t first_row,
                           std::int64_t first_line, std::uint32_t records_max) {
    Progress progress = from;
    while (progress.at < size && progress.records < records_max) {
        const char* begin = data + progress.at;
        const void* newline = std::memchr(begin, '\n', size - progress.at);
        if (newline == nullptr) break;
        const char* end = static_cast<const char*>(newline);
        const char* text = begin;
        while (text < end && (*text == ' ' || *text == '\t' || *text == '\r')) ++text;
        if (text < end) {
            if (!walk.take(begin, end, first_row + progress.records, first_line + progress.lines)) break;
            ++progress.records;
        }
        ++progress.lines;
        progress.at = static_cast<std::size_t>(end + 1 - data);
    }
    return progress;
}

}  // namespace smsearch
