// Times: microseconds since 1970 in UTC, as exports spell them and as the wire has them.
#pragma once

#include <cstdint>
#include <string>

#include "cursor.hpp"

namespace smsearch {

// A date and a time of day in the spellings that most exports use, from 1971 to 2199.
bool micros_of_iso(Text text, std::int64_t& micros, bool& is_naive);

// Epoch seconds, or milliseconds where they are whole, of the same years.
bool micros_of_number(const Number& number, std::int64_t& micros);

// Epoch seconds as a double is written: `1700000000.0`, `1700000000.25`.
void append_seconds(std::string& out, std::int64_t micros);

}  // namespace smsearch
