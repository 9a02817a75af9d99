#include "times.hpp"

namespace smsearch {

namespace {

constexpr std::int64_t second = 1'000'000;
constexpr std::int64_t seconds_min = 31'536'000;          // 1971
constexpr std::int64_t seconds_max = 7'258'118'400;       // 2200
constexpr std::int64_t milliseconds_from = 100'000'000'000;  // as `values.MILLISECONDS_FROM`
constexpr int year_min = 1971, year_max = 2199;
constexpr std::size_t plain_length = 19;  // 2024-01-31T12:00:00

// The number that some digits spell, or -1.
int digits_at(const char* at, int count) {
    int value = 0;
    for (int digit = 0; digit < count; ++digit) {
        if (at[digit] < '0' || at[digit] > '9') return -1;
        value = value * 10 + (at[digit] - '0');
    }
    return value;
}

bool is_leap(int year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

int days_in(int year, int month) {
    constexpr int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

// Days since 1970-01-01 in the Gregorian calendar, whose years are counted from March, so that a leap day is the last.
std::int64_t days_since_epoch(int year, int month, int day) {
    const int shifted_year = month <= 2 ? year - 1 : year;
    const int shifted_month = month <= 2 ? month + 9 : month - 3;
    const int era_days = 365 * shifted_year + shifted_year / 4 - shifted_year / 100 + shifted_year / 400;
    return era_days + (153 * shifted_month + 2) / 5 + day - 1 - 719'468;
}

// The microseconds that a fraction says: one to six digits.
bool read_fraction(const char*& at, const char* end, std::int64_t& micros) {
    std::int64_t value = 0;
    int count = 0;
    for (; at < end && *at >= '0' && *at <= '9'; ++at, ++count) {
        if (count == 6) return false;
        value = value * 10 + (*at - '0');
    }
    if (count == 0) return false;
    for (; count < 6; ++count) value *= 10;
    micros = value;
    return true;
}

// The microseconds east of UTC that an offset says: nothing, `Z`, or `+05:30`.
bool read_offset(const char* at, const char* end, std::int64_t& offset, bool& is_naive) {
    is_naive = at == end;
    if (is_naive || (end - at == 1 && *at == 'Z')) return true;
    if (end - at != 6 || (*at != '+' && *at != '-') || at[3] != ':') return false;
    const int hours = digits_at(at + 1, 2), minutes = digits_at(at + 4, 2);
    if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return false;
    offset = (hours * 60 + minutes) * 60 * second * (*at == '-' ? -1 : 1);
    return true;
}

}  // namespace

bool micros_of_iso(Text text, std::int64_t& micros, bool& is_naive) {
    if (text.size < plain_length) return false;
    const char* at = text.data;
    if (at[4] != '-' || at[7] != '-' || (at[10] != 'T' && at[10] != ' ') || at[13] != ':' || at[16] != ':') return false;
    const int year = digits_at(at, 4), month = digits_at(at + 5, 2), day = digits_at(at + 8, 2);
    const int hour = digits_at(at + 11, 2), minute = digits_at(at + 14, 2), seconds = digits_at(at + 17, 2);
    if (year < year_min || year > year_max || month < 1 || month > 12 || day < 1 || day > days_in(year, month)) return false;
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || seconds < 0 || seconds > 59) return false;
    const char* end = at + text.size;
    at += plain_length;
    std::int64_t fraction = 0, offset = 0;
    if (at < end && *at == '.' && !read_fraction(++at, end, fraction)) return false;
    if (!read_offset(at, end, offset, is_naive)) return false;
    const std::int64_t whole = days_since_epoch(year, month, day) * 86'400 + hour * 3'600 + minute * 60 + seconds;
    micros = whole * second + fraction - offset;
    return true;
}

bool micros_of_number(const Number& number, std::int64_t& micros) {
    if (number.is_whole) {
        const bool is_milliseconds = number.whole >= milliseconds_from;
        const std::int64_t seconds = is_milliseconds ? number.whole / 1'000 : number.whole;
        if (seconds < seconds_min || seconds >= seconds_max) return false;
        micros = is_milliseconds ? number.whole * 1'000 : number.whole * second;
        return true;
    }
    if (!(number.real >= static_cast<double>(seconds_min) && number.real < static_cast<double>(seconds_max))) return false;
    const char* at = number.spelling.data;
    const char* end = at + number.spelling.size;
    std::int64_t seconds = 0, fraction = 0;
    for (; at < end && *at >= '0' && *at <= '9'; ++at) seconds = seconds * 10 + (*at - '0');
    if (at == end || *at != '.' || !read_fraction(++at, end, fraction) || at != end) return false;
    micros = seconds * second + fraction;
    return true;
}

void append_seconds(std::string& out, std::int64_t micros) {
    out += std::to_string(micros / second);
    char fraction[7];
    std::int64_t rest = micros % second;
    for (int digit = 6; digit >= 1; --digit, rest /= 10) fraction[digit] = static_cast<char>('0' + rest % 10);
    fraction[0] = '.';
    int size = 7;
    while (size > 2 && fraction[size - 1] == '0') --size;
    out.append(fraction, static_cast<std::size_t>(size));
}

}  // namespace smsearch
