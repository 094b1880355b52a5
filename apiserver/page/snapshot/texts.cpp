// SPDX-License-Identifier: Apache-2.0
#include "apiserver/page/snapshot/texts.hpp"

#include <cstring>

namespace apiserver {
namespace {

// In front of each text.
using Length = std::uint16_t;

// Not within a character.
std::string_view cut(std::string_view text) {
    if (text.size() <= Texts::kLongest) return text;
    std::size_t end = Texts::kLongest;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
    return text.substr(0, end);
}

}  // namespace

// A number is the place of a text, plus one.
TextId Texts::add(std::string_view text) {
    if (text.empty()) return 0;
    text = cut(text);
    if (used_ + sizeof(Length) + text.size() > kBlock) {
        blocks_.push_back(std::make_unique<char[]>(kBlock));
        used_ = 0;
    }
    char* const place = blocks_.back().get() + used_;
    const auto length = static_cast<Length>(text.size());
    std::memcpy(place, &length, sizeof length);
    std::memcpy(place + sizeof length, text.data(), text.size());
    const std::size_t at = (blocks_.size() - 1) * kBlock + used_;
    used_ += sizeof length + text.size();
    return static_cast<TextId>(at + 1);
}

TextId Texts::hold(std::string_view text) {
    if (text.empty()) return 0;
    const auto found = held_.find(cut(text));
    if (found != held_.end()) return found->second;
    const TextId id = add(text);
    held_.emplace((*this)[id], id);
    return id;
}

TextId Texts::find(std::string_view text) const {
    const auto found = held_.find(text);
    return found == held_.end() ? 0 : found->second;
}

std::string_view Texts::operator[](TextId id) const {
    if (id == 0) return {};
    const std::size_t at = id - 1;
    const char* const place = blocks_[at / kBlock].get() + at % kBlock;
    Length length = 0;
    std::memcpy(&length, place, sizeof length);
    return {place + sizeof length, length};
}

}  // namespace apiserver
