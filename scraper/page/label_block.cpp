// SPDX-License-Identifier: Apache-2.0
#include "scraper/page/label_block.hpp"

#include "storage/names/name_limits.hpp"

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

constexpr std::uint64_t kHighBits = 0x8080808080808080;

constexpr std::uint64_t each(unsigned char byte) {
    return 0x0101010101010101 * byte;
}

// A high bit for each of eight bytes that is `c`; all are ASCII.
std::uint64_t equal_bytes(std::uint64_t bytes, char c) {
    return kHighBits - (bytes ^ each(static_cast<unsigned char>(c)));
}

// Whether one of eight bytes is in no name: a control character, a blank, what is not ASCII, '/' or '\\'. A
// quote comes with a '\\'.
bool any_foreign(std::uint64_t bytes) {
    const std::uint64_t below = ~(bytes + each(0x80 - '!'));
    const std::uint64_t above = bytes | (bytes + each(0x80 - 0x7f));
    return ((below | above | equal_bytes(bytes, '/') | equal_bytes(bytes, '\\')) & kHighBits) != 0;
}

std::uint64_t eight_bytes(const char* at) {
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, at, sizeof bytes);
    return bytes;
}

bool is_name(std::string_view text, std::size_t most) {
    if (text.size() > most) return false;
    if (text.size() < 8) {
        std::uint64_t bytes = each('a');
        for (const char c : text) bytes = bytes << 8 | static_cast<unsigned char>(c);
        return !any_foreign(bytes);
    }
    for (std::size_t at = 0; at + 8 < text.size(); at += 8) {
        if (any_foreign(eight_bytes(text.data() + at))) return false;
    }
    // They may overlap others.
    return !any_foreign(eight_bytes(text.data() + text.size() - 8));
}

struct Wanted {
    std::optional<std::string_view>* label = nullptr;
    std::size_t most_bytes = 0;
};

Wanted wanted(LabelBlock& block, std::string_view name) {
    if (name == "container") return {&block.container, storage::kContainerNameBytes};
    if (name == "namespace") return {&block.name_space, storage::kNamespaceBytes};
    if (name == "pod") return {&block.pod, storage::kPodNameBytes};
    return {};
}

using WrittenLabel = WrittenLabels::value_type;

// name="value"
std::optional<WrittenLabel> read_written(Reader& reader) {
    const auto name = reader.name();
    reader.blanks();
    if (!name || !reader.accept('=')) return std::nullopt;
    reader.blanks();
    const auto value = reader.quoted();
    reader.blanks();
    if (!value) return std::nullopt;
    return WrittenLabel{*name, *value};
}

// All of a block. False: it is malformed, or `take` does not take a label.
template <class Take>
bool read_block(Reader& reader, Take take) {
    if (!reader.accept('{')) return false;
    reader.blanks();
    while (!reader.accept('}')) {
        const auto label = read_written(reader);
        if (!label || !take(*label)) return false;
        if (reader.accept(',')) {
            reader.blanks();
            continue;
        }
        return reader.accept('}');
    }
    return true;
}

bool keep_wanted(LabelBlock& block, const WrittenLabel& written) {
    const auto [label, most_bytes] = wanted(block, written.first);
    if (label == nullptr) return true;
    if (label->has_value() || !is_name(written.second, most_bytes)) return false;
    *label = written.second;
    return true;
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
    return is_name(*block.container, storage::kContainerNameBytes) &&
           is_name(*block.name_space, storage::kNamespaceBytes) &&
           is_name(*block.pod, storage::kPodNameBytes);
}

}  // namespace

std::optional<LabelBlock> read_label_block(std::string_view text) {
    LabelBlock plain;
    if (read_plain(text, plain)) return plain;
    Reader reader{text};
    LabelBlock block;
    if (!read_block(reader, [&](const WrittenLabel& label) { return keep_wanted(block, label); }))
        return std::nullopt;
    block.length = reader.position();
    return block;
}

std::optional<std::size_t> read_labels(std::string_view text, WrittenLabels& into) {
    into.clear();
    Reader reader{text};
    const auto keep = [&](const WrittenLabel& label) {
        into.push_back(label);
        return true;
    };
    if (!read_block(reader, keep)) return std::nullopt;
    return reader.position();
}

}  // namespace scraper
