// JSON's tokens: strings, numbers, literals, and values that nobody wants.
#include "cursor.hpp"

#include <charconv>
#include <chrono>
#include <cmath>
#include <random>

namespace smsearch {

namespace {

constexpr int skipped_depth_max = 64;
constexpr int whole_digits_max = 18;      // any such number fits 64 bits
constexpr int exact_digits_max = 15;      // a double keeps so many digits, whatever they are
constexpr std::size_t real_length_max = 40;
constexpr double plain_min = 1e-5;        // between the two, a double is written without an exponent
constexpr double plain_max = 1e16;

std::uint64_t drawn_seed() {
    std::random_device device;
    const auto now = static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
    return mixed((std::uint64_t{device()} << 32 | device()) ^ now);
}

// The high bit of each byte that ends a plain run of a string: a quote, a backslash, a control character, no ASCII. The
// lowest one that is set is right; a borrow may set some above it.
std::uint64_t marks_of(std::uint64_t word) {
    constexpr std::uint64_t ones = 0x0101010101010101u, high = 0x8080808080808080u;
    const std::uint64_t quote = word ^ (ones * '"'), slash = word ^ (ones * '\\');
    return (((quote - ones) & ~quote) | ((slash - ones) & ~slash) | (word - ones * 0x20) | word) & high;
}

bool is_plain(unsigned char byte) { return byte >= 0x20 && byte < 0x80 && byte != '"' && byte != '\\'; }

const char* end_of_plain(const char* at, const char* end) {
    while (end - at >= 8) {
        std::uint64_t word;
        std::memcpy(&word, at, 8);
        if (marks_of(word) != 0) break;
        at += 8;
    }
    while (at < end && is_plain(static_cast<unsigned char>(*at))) ++at;
    return at;
}

bool is_digit(char byte) { return byte >= '0' && byte <= '9'; }

int hex_of(char byte) {
    if (is_digit(byte)) return byte - '0';
    const char lower = static_cast<char>(byte | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// The unit that four hex digits spell, or -1.
int unit_at(const char* at, const char* end) {
    if (end - at < 4) return -1;
    int unit = 0;
    for (int digit = 0; digit < 4; ++digit) {
        const int value = hex_of(at[digit]);
        if (value < 0) return -1;
        unit = unit << 4 | value;
    }
    return unit;
}

void append_utf8(std::string& out, std::uint32_t point) {
    const auto byte = [&out](std::uint32_t value) { out.push_back(static_cast<char>(value)); };
    if (point < 0x80) {
        byte(point);
    } else if (point < 0x800) {
        byte(0xc0 | point >> 6);
        byte(0x80 | (point & 0x3f));
    } else if (point < 0x10000) {
        byte(0xe0 | point >> 12);
        byte(0x80 | (point >> 6 & 0x3f));
        byte(0x80 | (point & 0x3f));
    } else {
        byte(0xf0 | point >> 18);
        byte(0x80 | (point >> 12 & 0x3f));
        byte(0x80 | (point >> 6 & 0x3f));
        byte(0x80 | (point & 0x3f));
    }
}

// Appends the character of `\uXXXX`, or of two of them that are a pair; `at` stands behind the first `u`.
bool append_unit(const char*& at, const char* end, std::string& out) {
    const int unit = unit_at(at, end);
    if (unit < 0 || (unit >= 0xdc00 && unit < 0xe000)) return false;
    at += 4;
    if (unit < 0xd800 || unit >= 0xe000) {
        append_utf8(out, static_cast<std::uint32_t>(unit));
        return true;
    }
    if (end - at < 6 || at[0] != '\\' || at[1] != 'u') return false;
    const int low = unit_at(at + 2, end);
    if (low < 0xdc00 || low >= 0xe000) return false;
    at += 6;
    append_utf8(out, 0x10000 + ((static_cast<std::uint32_t>(unit) - 0xd800) << 10) + (static_cast<std::uint32_t>(low) - 0xdc00));
    return true;
}

char plain_escape(char letter) {
    switch (letter) {
        case '"': return '"';
        case '\\': return '\\';
        case '/': return '/';
        case 'b': return '\b';
        case 'f': return '\f';
        case 'n': return '\n';
        case 'r': return '\r';
        case 't': return '\t';
        default: return 0;
    }
}

}  // namespace

const std::uint64_t hash_seed = drawn_seed();

void Cursor::cut(Mark mark, const char* begin) {
    document.resize(mark.size);
    from = mark.from;
    copy_to(begin);
    from = at;
}

void Cursor::replace(const char* begin, Text with) {
    copy_to(begin);
    document.append(with.data, with.size);
    from = at;
}

void Cursor::leave_out_blanks() {
    const char* begin = at;
    while (at < end && is_blank(*at)) ++at;
    copy_to(begin);
    from = at;
}

bool Cursor::read_literal(Text literal) {
    if (static_cast<std::size_t>(end - at) < literal.size || std::memcmp(at, literal.data, literal.size) != 0) return false;
    at += literal.size;
    return true;
}

bool Cursor::read_string(Text& text) {
    const char* begin = at + 1;
    const char* stop = end_of_plain(begin, end);
    if (stop < end && *stop == '"') {
        text = {begin, static_cast<std::size_t>(stop - begin)};
        at = stop + 1;
        return true;
    }
    return read_escaped(begin, text);
}

// A string with escapes, or with more than ASCII.
bool Cursor::read_escaped(const char* begin, Text& text) {
    std::string decoded;
    bool has_escapes = false, is_spelled_otherwise = false, is_ascii = true;
    const char* here = begin;
    for (;;) {
        const char* stop = end_of_plain(here, end);
        decoded.append(here, static_cast<std::size_t>(stop - here));
        here = stop;
        is_string_cut_ = here >= end;
        if (is_string_cut_) return false;
        const auto byte = static_cast<unsigned char>(*here);
        if (byte == '"') break;
        if (byte >= 0x80) {
            is_ascii = false;
            decoded.push_back(*here++);
        } else if (byte != '\\' || end - here < 2) {
            is_string_cut_ = byte == '\\';
            return false;  // a control character, or the end
        } else if (here[1] == 'u') {
            has_escapes = is_spelled_otherwise = true;
            here += 2;
            if (!append_unit(here, end, decoded)) {
                is_string_cut_ = end - here < 10;  // XXXX\uXXXX
                return false;
            }
        } else {
            const char letter = plain_escape(here[1]);
            if (letter == 0) return false;
            has_escapes = true;
            is_spelled_otherwise |= letter == '/';
            decoded.push_back(letter);
            here += 2;
        }
    }
    const char* quote = at;
    at = here + 1;
    if (!is_ascii && !is_utf8(begin, here)) return false;
    if (!has_escapes) {
        text = {begin, static_cast<std::size_t>(here - begin)};
        return true;
    }
    if (is_spelled_otherwise) {
        std::string quoted;
        append_quoted(quoted, decoded);
        replace(quote, {quoted.data(), quoted.size()});
    }
    unescaped_.push_back(std::move(decoded));
    text = {unescaped_.back().data(), unescaped_.back().size()};
    return true;
}

bool Cursor::read_number(Number& number) {
    const char* begin = at;
    const char* here = at;
    const bool is_negative = *here == '-';
    if (is_negative) ++here;
    const char* digits = here;
    while (is_digit(*here)) ++here;
    const auto whole_digits = here - digits;
    if (whole_digits == 0 || (*digits == '0' && whole_digits > 1)) return false;
    if (*here != '.' && *here != 'e' && *here != 'E') {
        if (whole_digits > whole_digits_max || (is_negative && *digits == '0')) return false;
        std::int64_t value = 0;
        for (const char* digit = digits; digit < here; ++digit) value = value * 10 + (*digit - '0');
        number.is_whole = true;
        number.whole = is_negative ? -value : value;
        number.spelling = {begin, static_cast<std::size_t>(here - begin)};
        at = here;
        return true;
    }
    if (*here == '.') {
        const char* fraction = ++here;
        while (is_digit(*here)) ++here;
        if (here == fraction) return false;
    }
    if (*here == 'e' || *here == 'E') {
        ++here;
        if (*here == '+' || *here == '-') ++here;
        const char* exponent = here;
        while (is_digit(*here)) ++here;
        if (here == exponent) return false;
    }
    number.is_whole = false;
    number.spelling = {begin, static_cast<std::size_t>(here - begin)};
    if (number.spelling.size > real_length_max) return false;
    const auto read = std::from_chars(begin, here, number.real);
    if (read.ec != std::errc() || read.ptr != here) return false;
    at = here;
    return respell(number, begin);
}

// Writes a double as orjson does, if no digit of its spelling is lost.
bool Cursor::respell(const Number& number, const char* begin) {
    const double size = std::fabs(number.real);
    if (size == 0 ? std::signbit(number.real) : !(size >= plain_min && size < plain_max)) return false;
    char buffer[64];
    const auto written = std::to_chars(buffer, buffer + sizeof buffer - 2, number.real, std::chars_format::fixed);
    if (written.ec != std::errc()) return false;
    char* stop = written.ptr;
    if (std::memchr(buffer, '.', static_cast<std::size_t>(stop - buffer)) == nullptr) {
        *stop++ = '.';
        *stop++ = '0';
    }
    const Text spelled{buffer, static_cast<std::size_t>(stop - buffer)};
    if (spelled == number.spelling) return true;
    int digits = 0;
    for (const char* digit = begin; digit < at && *digit != 'e' && *digit != 'E'; ++digit) digits += is_digit(*digit);
    if (digits > exact_digits_max) return false;
    replace(begin, spelled);
    return true;
}

bool Cursor::skip_value(int depth) {
    Text text;
    Number number;
    if (depth > skipped_depth_max) return false;
    switch (*at) {
        case '"': return read_string(text);
        case 't': return read_literal({"true", 4});
        case 'f': return read_literal({"false", 5});
        case 'n': return read_literal({"null", 4});
        case '{':
        case '[': break;
        default: return read_number(number);
    }
    const bool is_object = *at == '{';
    const char closing = is_object ? '}' : ']';
    ++at;
    skip_blanks();
    if (*at == closing) {
        ++at;
        return true;
    }
    for (;;) {
        if (is_object) {
            if (*at != '"' || !read_string(text)) return false;
            skip_blanks();
            if (*at != ':') return false;
            ++at;
            skip_blanks();
        }
        if (!skip_value(depth + 1)) return false;
        skip_blanks();
        if (*at == closing) {
            ++at;
            return true;
        }
        if (*at != ',') return false;
        ++at;
        skip_blanks();
    }
}

void append_quoted(std::string& out, const std::string& text) {
    constexpr char hex[] = "0123456789abcdef";
    out.push_back('"');
    for (const char letter : text) {
        switch (letter) {
            case '"': out += "\\\""; break;
            case '\\': out += "\\\\"; break;
            case '\b': out += "\\b"; break;
            case '\f': out += "\\f"; break;
            case '\n': out += "\\n"; break;
            case '\r': out += "\\r"; break;
            case '\t': out += "\\t"; break;
            default:
                if (static_cast<unsigned char>(letter) < 0x20) {
                    out += "\\u00";
                    out.push_back(hex[letter >> 4 & 0xf]);
                    out.push_back(hex[letter & 0xf]);
                } else {
                    out.push_back(letter);
                }
        }
    }
    out.push_back('"');
}

bool is_utf8(const char* at, const char* end) {
    while (at < end) {
        const auto first = static_cast<unsigned char>(*at++);
        if (first < 0x80) continue;
        int more = 0;
        unsigned char least = 0x80, most = 0xbf;  // of the second byte
        if (first >= 0xc2 && first <= 0xdf) {
            more = 1;
        } else if (first >= 0xe0 && first <= 0xef) {
            more = 2;
            if (first == 0xe0) least = 0xa0;
            if (first == 0xed) most = 0x9f;
        } else if (first >= 0xf0 && first <= 0xf4) {
            more = 3;
            if (first == 0xf0) least = 0x90;
            if (first == 0xf4) most = 0x8f;
        } else {
            return false;
        }
        for (; more > 0; --more) {
            if (at >= end) return false;
            const auto byte = static_cast<unsigned char>(*at++);
            if (byte < least || byte > most) return false;
            least = 0x80;
            most = 0xbf;
        }
    }
    return true;
}

}  // namespace smsearch
