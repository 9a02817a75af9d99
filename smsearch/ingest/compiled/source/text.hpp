// Some bytes of UTF-8 that somebody else holds, and their hash.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace smsearch {

struct Text {
    const char* data = nullptr;
    std::size_t size = 0;
};

inline bool operator==(Text one, Text other) {
    return one.size == other.size && (one.size == 0 || std::memcmp(one.data, other.data, one.size) == 0);
}

// The seed is drawn once a process, so that nobody can prepare an export whose texts all share a slot.
extern const std::uint64_t hash_seed;

inline std::uint64_t mixed(std::uint64_t value) {
    value ^= value >> 32;
    value *= 0xd6e8feb86659fd93u;
    value ^= value >> 32;
    value *= 0xd6e8feb86659fd93u;
    return value ^ (value >> 32);
}

inline std::uint64_t hash_of(Text text) {
    std::uint64_t hash = hash_seed ^ (text.size * 0x9e3779b97f4a7c15u);
    std::size_t at = 0;
    for (; at + 8 <= text.size; at += 8) {
        std::uint64_t word;
        std::memcpy(&word, text.data + at, 8);
        hash = (hash ^ word) * 0xd6e8feb86659fd93u;
        hash ^= hash >> 32;
    }
    std::uint64_t rest = 0;
    if (at < text.size) std::memcpy(&rest, text.data + at, text.size - at);
    return mixed(hash ^ rest);
}

}  // namespace smsearch
