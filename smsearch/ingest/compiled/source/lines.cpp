// Documents of a file and elements of a list, and what stands between them.
#include "lines.hpp"

namespace smsearch {

namespace {

constexpr std::size_t others_max = 4;  // members of a page of records, besides its list

bool is_space(char byte) { return byte == ' ' || byte == '\t' || byte == '\r'; }

const char* behind_spaces(const char* at, const char* end) {
    while (at < end && is_space(*at)) ++at;
    return at;
}

const char* behind_blanks(const char* at, const char* end) {
    while (at < end && (is_space(*at) || *at == '\n')) ++at;
    return at;
}

const char* behind_comma(const char* at, const char* end) {
    at = behind_blanks(at, end);
    return at < end && *at == ',' ? behind_blanks(at + 1, end) : at;
}

std::int64_t newlines_in(const char* at, const char* end) {
    std::int64_t count = 0;
    while ((at = static_cast<const char*>(std::memchr(at, '\n', static_cast<std::size_t>(end - at)))) != nullptr) {
        ++count;
        ++at;
    }
    return count;
}

// Whether nothing else stands on the line of which a document ends at `at`, which then stands at the newline.
bool ends_line(const char*& at, const char* end, bool may_have_comma, bool is_last) {
    at = behind_spaces(at, end);
    if (may_have_comma && at < end && *at == ',') at = behind_spaces(at + 1, end);
    return at < end ? *at == '\n' : is_last;
}

bool skip_member_name(Cursor& cursor, std::string& name) {
    Text text;
    if (*cursor.at != '"' || !cursor.read_string(text)) return false;
    name.assign(text.data, text.size);
    cursor.skip_blanks();
    if (*cursor.at != ':') return false;
    ++cursor.at;
    cursor.skip_blanks();
    return true;
}

// The members of an object that is a page of records; the cursor stands behind its bracket.
bool read_page(Cursor& cursor, const char* data, FoundList& list) {
    cursor.skip_blanks();
    for (;;) {
        std::string name;
        if (!skip_member_name(cursor, name)) return false;
        if (*cursor.at == '[') {
            if (list.begin != 0) return false;
            list.begin = static_cast<std::size_t>(cursor.at + 1 - data);
            list.name = std::move(name);
            list.is_member = true;
        } else {
            if (list.others.size() == others_max) return false;
            list.others.push_back(std::move(name));
        }
        if (!cursor.skip_value()) return false;
        cursor.skip_blanks();
        if (*cursor.at == '}') break;
        if (*cursor.at != ',') return false;
        ++cursor.at;
        cursor.skip_blanks();
    }
    ++cursor.at;
    return list.begin != 0;
}

}  // namespace

Progress read_lines(Walk& walk, const char* data, Progress from, std::size_t size, bool is_last, std::uint32_t first_row,
                    std::int64_t first_line, std::uint32_t records_max) {
    Progress progress = from;
    const char* const end = data + size;
    while (progress.at < size && progress.records < records_max) {
        const char* at = behind_spaces(data + progress.at, end);
        if (at == end && !is_last) break;
        if (at < end && *at != '\n') {
            const char* begin = at;
            if (!walk.read(at, end, first_row + progress.records)) break;
            const std::int64_t newlines = newlines_in(begin, at);
            if (!ends_line(at, end, newlines == 0, is_last)) {
                walk.leave();
                break;
            }
            walk.keep(first_line + progress.lines);
            ++progress.records;
            progress.lines += newlines;
            progress.are_lines = progress.are_lines && newlines == 0;
        }
        if (at < end) {
            ++progress.lines;
            ++at;
        }
        progress.at = static_cast<std::size_t>(at - data);
    }
    return progress;
}

Progress read_elements(Walk& walk, const char* data, Progress from, std::size_t size, std::uint32_t first_row,
                       std::int64_t first_place, Limits limits) {
    Progress progress = from;
    const char* const end = data + size;
    while (progress.records < limits.records) {
        const char* at = behind_comma(data + progress.at, end);
        const char* begin = at;
        if (at == end || !walk.read(at, end, first_row + progress.records)) break;
        const char* next = behind_blanks(at, end);
        const bool is_large = static_cast<std::size_t>(at - begin) > limits.bytes;
        if (is_large || next == end || (*next != ',' && *next != ']')) {
            walk.leave();
            break;
        }
        walk.keep(first_place + progress.records);
        ++progress.records;
        progress.at = static_cast<std::size_t>(at - data);
    }
    return progress;
}

bool find_list(const char* data, std::size_t at, std::size_t size, bool is_last, FoundList& list) {
    const char* const end = data + size;
    const char* begin = behind_spaces(data + at, end);
    if (begin == end || (*begin != '[' && *begin != '{')) return false;
    std::string document;  // nobody wants it
    Cursor cursor(begin, end, document);
    bool is_read;
    if (*begin == '[') {
        list.begin = static_cast<std::size_t>(begin + 1 - data);
        is_read = cursor.skip_value();
    } else {
        ++cursor.at;
        is_read = read_page(cursor, data, list);
    }
    if (!is_read) {
        list.is_cut = !is_last && list.begin != 0 && cursor.is_cut();
        return false;
    }
    if (*behind_blanks(data + list.begin, end) == ']') return false;
    const char* behind = cursor.at;
    if (!ends_line(behind, end, false, is_last)) return false;
    if (behind < end) ++behind;
    list.lines = newlines_in(data + at, behind);
    list.end = static_cast<std::size_t>(behind - data);
    return true;
}

bool find_element(const char* data, std::size_t at, std::size_t size, std::size_t& begin, std::size_t& end) {
    const char* const stop = data + size;
    const char* element = behind_comma(data + at, stop);
    std::string document;
    Cursor cursor(element, stop, document);
    if (element == stop || *element == ']' || !cursor.skip_value()) return false;
    begin = static_cast<std::size_t>(element - data);
    end = static_cast<std::size_t>(cursor.at - data);
    return true;
}

}  // namespace smsearch
