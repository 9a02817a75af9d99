#include "columns.hpp"

namespace smsearch {

namespace {
constexpr std::size_t slots_min = 16;
}

std::uint32_t Dictionary::code_of(Text text) {
    if (2 * (hashes_.size() + 1) > slots_.size()) grow();
    const std::uint64_t hash = hash_of(text);
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t slot = hash & mask;; slot = (slot + 1) & mask) {
        if (slots_[slot] == 0) {
            hashes_.push_back(hash);
            bytes_.append(text.data, text.size);
            offsets_.push_back(static_cast<std::int64_t>(bytes_.size()));
            slots_[slot] = static_cast<std::uint32_t>(hashes_.size());
            return slots_[slot] - 1;
        }
        const std::uint32_t code = slots_[slot] - 1;
        if (hashes_[code] == hash && at(code) == text) return code;
    }
}

Text Dictionary::at(std::uint32_t code) const {
    return {bytes_.data() + offsets_[code], static_cast<std::size_t>(offsets_[code + 1] - offsets_[code])};
}

void Dictionary::grow() {
    slots_.assign(slots_.empty() ? slots_min : 2 * slots_.size(), 0);
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t code = 0; code < hashes_.size(); ++code) {
        std::size_t slot = hashes_[code] & mask;
        while (slots_[slot] != 0) slot = (slot + 1) & mask;
        slots_[slot] = static_cast<std::uint32_t>(code + 1);
    }
}

void Dictionary::clear() { *this = Dictionary(); }

void Column::add(std::uint32_t row, const Value& value) {
    switch (value.type) {
        case ValueType::absent: break;
        case ValueType::text:
            text_rows.push_back(row);
            text_codes.push_back(texts.code_of(value.text));
            break;
        case ValueType::whole:
            whole_rows.push_back(row);
            wholes.push_back(value.whole);
            break;
        case ValueType::real:
            real_rows.push_back(row);
            reals.push_back(value.real);
            break;
        case ValueType::boolean:
            boolean_rows.push_back(row);
            booleans.push_back(value.boolean ? 1 : 0);
            break;
        case ValueType::presence: whole_rows.push_back(row); break;
    }
}

void Column::clear() { *this = Column(); }

}  // namespace smsearch
