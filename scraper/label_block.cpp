// SPDX-License-Identifier: Apache-2.0
#include "scraper/label_block.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace scraper {
namespace {

// A cursor over the block. Each function moves on only over what it names.
class Reader {
  public:
    explicit Reader(std::string_view text) : text_{text} {}

    std::size_t position() const { return at_; }

    void blanks() {
        while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
    }

    bool accept(char c) {
        if (at_ == text_.size() || text_[at_] != c) return false;
        ++at_;
        return true;
    }

    // What stands between two quotes.
    std::optional<std::string_view> quoted() {
        if (!accept('"')) return std::nullopt;
        const std::size_t begin = at_;
        const std::size_t quote = text_.find('"', at_);
        if (quote == text_.npos) return std::nullopt;
        at_ = quote;
        if (text_.substr(begin, quote - begin).find('\\') != text_.npos && !escaped(begin))
            return std::nullopt;
        return text_.substr(begin, at_++ - begin);
    }

    std::optional<std::string_view> name() {
        if (at_ < text_.size() && text_[at_] == '"') return quoted();
        const std::size_t begin = at_;
        while (at_ < text_.size() && (letter(text_[at_]) || (at_ > begin && digit(text_[at_])))) ++at_;
        if (at_ == begin) return std::nullopt;
        return text_.substr(begin, at_ - begin);
    }

  private:
    static bool letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
    static bool digit(char c) { return c >= '0' && c <= '9'; }

    // Stops at the quote that is not escaped.
    bool escaped(std::size_t begin) {
        for (at_ = begin; at_ < text_.size() && text_[at_] != '"'; ++at_) {
            if (text_[at_] != '\\') continue;
            ++at_;
            const bool known =
                at_ < text_.size() && (text_[at_] == '\\' || text_[at_] == '"' || text_[at_] == 'n');
            if (!known) return false;
        }
        return at_ < text_.size();
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

std::optional<std::string_view>* wanted(LabelBlock& block, std::string_view name) {
    if (name == "container") return &block.container;
    if (name == "namespace") return &block.name_space;
    if (name == "pod") return &block.pod;
    return nullptr;
}

// name="value"
bool read_label(Reader& reader, LabelBlock& block) {
    const auto name = reader.name();
    reader.blanks();
    if (!name || !reader.accept('=')) return false;
    reader.blanks();
    const auto value = reader.quoted();
    reader.blanks();
    if (!value) return false;
    auto* const label = wanted(block, *name);
    if (label == nullptr) return true;
    if (label->has_value()) return false;
    *label = value;
    return true;
}

// Bytes of the sequence that this one begins; 0: none.
std::size_t utf8_length(unsigned char first) {
    if (first < 0x80) return 1;
    if (first >= 0xC2 && first <= 0xDF) return 2;
    if (first >= 0xE0 && first <= 0xEF) return 3;
    if (first >= 0xF0 && first <= 0xF4) return 4;
    return 0;
}

// The second byte tells overlong forms, surrogates and what is beyond U+10FFFF.
bool second_byte_fits(unsigned char first, unsigned char second) {
    if (first == 0xE0) return second >= 0xA0;
    if (first == 0xED) return second < 0xA0;
    if (first == 0xF0) return second >= 0x90;
    if (first == 0xF4) return second < 0x90;
    return true;
}

std::uint64_t eight_bytes(const char* at) {
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, at, sizeof bytes);
    return bytes;
}

bool is_ascii(std::string_view text) {
    if (text.size() < 8) return std::all_of(text.begin(), text.end(), [](char c) { return (c & 0x80) == 0; });
    // The last eight may overlap others.
    std::uint64_t bits = eight_bytes(text.data() + text.size() - 8);
    for (std::size_t at = 0; at + 8 <= text.size(); at += 8) bits |= eight_bytes(text.data() + at);
    return (bits & 0x8080808080808080) == 0;
}

// Takes `name` and the value up to the next quote, and nothing that is escaped.
bool take_plain(std::string_view& text, std::string_view name, std::optional<std::string_view>& value) {
    if (!text.starts_with(name)) return false;
    text.remove_prefix(name.size());
    const std::size_t quote = text.find('"');
    if (quote == text.npos) return false;
    value = text.substr(0, quote);
    text.remove_prefix(quote + 1);
    return true;
}

// The form that kubelets print, of names without escapes.
bool read_plain(std::string_view text, LabelBlock& block) {
    std::string_view rest = text;
    const bool shaped = take_plain(rest, "{container=\"", block.container) &&
                        take_plain(rest, ",namespace=\"", block.name_space) &&
                        take_plain(rest, ",pod=\"", block.pod) && rest.starts_with('}');
    if (!shaped) return false;
    block.length = text.size() - rest.size() + 1;
    return text.substr(0, block.length).find('\\') == text.npos;
}

}  // namespace

std::optional<LabelBlock> read_label_block(std::string_view text) {
    LabelBlock plain;
    if (read_plain(text, plain)) return plain;
    Reader reader{text};
    LabelBlock block;
    if (!reader.accept('{')) return std::nullopt;
    reader.blanks();
    while (!reader.accept('}')) {
        if (!read_label(reader, block)) return std::nullopt;
        if (reader.accept(',')) {
            reader.blanks();
            continue;
        }
        if (!reader.accept('}')) return std::nullopt;
        break;
    }
    block.length = reader.position();
    return block;
}

std::string_view unescaped(std::string_view value, std::string& buffer) {
    if (value.find('\\') == value.npos) return value;
    buffer.clear();
    for (std::size_t i = 0; i < value.size(); ++i) {
        const bool escape = value[i] == '\\' && i + 1 < value.size();
        if (escape) ++i;
        buffer += escape && value[i] == 'n' ? '\n' : value[i];
    }
    return buffer;
}

bool is_utf8(std::string_view text) {
    if (is_ascii(text)) return true;
    for (std::size_t at = 0; at < text.size();) {
        const auto first = static_cast<unsigned char>(text[at]);
        const std::size_t length = utf8_length(first);
        if (length == 0 || text.size() - at < length) return false;
        if (length > 1 && !second_byte_fits(first, static_cast<unsigned char>(text[at + 1]))) return false;
        const auto tail = text.substr(at + 1, length - 1);
        if (!std::all_of(tail.begin(), tail.end(), [](char c) { return (c & 0xC0) == 0x80; })) return false;
        at += length;
    }
    return true;
}

}  // namespace scraper
