// SPDX-License-Identifier: Apache-2.0
#include "apiserver/yaml/scalar.hpp"

#include <algorithm>
#include <cstdint>

namespace apiserver {
namespace {

constexpr std::size_t kBestWidth = 80;
constexpr std::string_view kNextLine = "\u0085";
constexpr std::string_view kLineSeparator = "\u2028";
constexpr std::string_view kParagraphSeparator = "\u2029";
constexpr std::string_view kByteOrderMark = "\ufeff";

std::size_t length_of(char lead) {
    const auto byte = static_cast<unsigned char>(lead);
    return byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
}

// What need not be escaped: as the emitter's is_printable, which leaves out all beyond the basic plane; and
// no U+2028 and U+2029, which the emitter would write as line breaks.
bool is_printable(std::string_view at) {
    const auto byte = static_cast<unsigned char>(at[0]);
    if (at.starts_with(kLineSeparator) || at.starts_with(kParagraphSeparator)) return false;
    if (byte < 0x80) return byte == '\n' || (byte >= 0x20 && byte <= 0x7e);
    const auto second = static_cast<unsigned char>(at[1]);
    if (byte == 0xc2) return second >= 0xa0;
    if (byte == 0xed) return second < 0xa0;
    if (byte == 0xef) {
        const auto third = static_cast<unsigned char>(at[2]);
        return !at.starts_with(kByteOrderMark) && !(second == 0xbf && third >= 0xbe);
    }
    return byte > 0xc2 && byte < 0xef;
}

// Which styles can hold a text (yaml_emitter_analyze_scalar).
struct Allowed {
    bool plain = true;
    bool single_quoted = true;
    bool literal = true;
};

bool starts_with_indicator(std::string_view text) {
    if (text.starts_with("---") || text.starts_with("...")) return true;
    if (std::string_view{"#,[]{}&*!|>'\"%@`"}.find(text[0]) != std::string_view::npos) return true;
    const bool alone = text.size() == 1 || text[1] == ' ' || text[1] == '\t';
    return alone && std::string_view{"?:-"}.find(text[0]) != std::string_view::npos;
}

// Inside a plain text ": " would end a key and " #" begin a comment.
bool holds_indicator(std::string_view text) {
    for (std::size_t i = 1; i < text.size(); ++i) {
        const char next = i + 1 < text.size() ? text[i + 1] : ' ';
        if (text[i] == ':' && (next == ' ' || next == '\t')) return true;
    }
    return text.find(" #") != std::string_view::npos;
}

Allowed analyze(std::string_view text) {
    Allowed allowed;
    char previous = 'x';
    for (std::size_t i = 0; i < text.size(); i += length_of(text[i])) {
        const char c = text[i];
        const bool edge = i == 0 || i + 1 == text.size();
        if (c == '\n' || (c == ' ' && edge)) allowed.plain = false;
        if (c == ' ' && i + 1 == text.size()) allowed.literal = false;
        if (c == '\n' && previous == ' ') allowed.literal = false;
        if (!is_printable(text.substr(i))) allowed = {false, false, false};
        previous = c;
    }
    if (starts_with_indicator(text) || holds_indicator(text)) allowed.plain = false;
    return allowed;
}

enum class Style { plain, single_quoted, double_quoted, literal };

Style choose(std::string_view text, bool key) {
    if (text.empty()) return Style::double_quoted;
    const Allowed allowed = analyze(text);
    if (text.find('\n') != std::string_view::npos)
        return allowed.literal && !key ? Style::literal : Style::double_quoted;
    if (!yaml_reads_as_text(text)) return Style::double_quoted;
    if (allowed.plain) return Style::plain;
    return allowed.single_quoted ? Style::single_quoted : Style::double_quoted;
}

void append_escape(std::string& out, std::string_view character) {
    static constexpr std::pair<std::string_view, char> kShort[] = {
        {{"\0", 1}, '0'}, {"\a", 'a'},           {"\b", 'b'},
        {"\t", 't'},      {"\n", 'n'},           {"\v", 'v'},
        {"\f", 'f'},      {"\r", 'r'},           {"\x1b", 'e'},
        {"\"", '"'},      {"\\", '\\'},          {kNextLine, 'N'},
        {"\u00a0", '_'},  {kLineSeparator, 'L'}, {kParagraphSeparator, 'P'}};
    out.push_back('\\');
    for (const auto& [known, letter] : kShort)
        if (character == known) return out.push_back(letter);
    const std::size_t size = character.size();
    auto code = static_cast<std::uint32_t>(static_cast<unsigned char>(character[0]));
    if (size > 1) code &= 0x7fu >> size;
    for (const char c : character.substr(1)) code = code << 6 | (static_cast<unsigned char>(c) & 0x3f);
    const int digits = code <= 0xff ? 2 : code <= 0xffff ? 4 : 8;
    out.push_back(digits == 2 ? 'x' : digits == 4 ? 'u' : 'U');
    for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4)
        out.push_back("0123456789ABCDEF"[(code >> shift) & 0xf]);
}

// Writes one text in a style that was found to hold it.
class Writer {
  public:
    Writer(std::string& out, std::string_view text, std::size_t indent, bool folds)
        : out_{out}, text_{text}, indent_{indent}, folds_{folds} {}

    // Plain (quote '\0') or in single quotes.
    void flow(char quote) {
        for (std::size_t i = 0; i < text_.size(); ++i) {
            const bool lone_space = text_[i] == ' ' && i > 0 && text_[i - 1] != ' ' && next_is_not(i, ' ');
            if (lone_space && line_is_full()) {
                new_line();
                continue;
            }
            if (quote != '\0' && text_[i] == quote) out_.push_back(quote);
            out_.push_back(text_[i]);
        }
    }

    void double_quoted() {
        bool spaces = false;
        for (std::size_t i = 0; i < text_.size();) {
            const std::string_view character = text_.substr(i, length_of(text_[i]));
            const bool space = character == " ";
            const bool inside = i > 0 && i + 1 < text_.size();
            const bool escapes = character == "\n" || character == "\"" || character == "\\";
            if (escapes || !is_printable(character)) {
                append_escape(out_, character);
            } else if (space && !spaces && inside && line_is_full()) {
                new_line();
                if (text_[i + 1] == ' ') out_.push_back('\\');
            } else {
                out_.append(character);
            }
            spaces = space;
            i += character.size();
        }
    }

    // Ends without the line end, which is the caller's.
    void literal() {
        out_.push_back('|');
        if (text_[0] == ' ' || text_[0] == '\n') out_.push_back('2');
        if (!text_.ends_with('\n'))
            out_.push_back('-');
        else if (text_ == "\n" || text_.ends_with("\n\n"))
            out_.push_back('+');
        out_.push_back('\n');
        for (std::size_t i = 0; i < text_.size(); ++i) {
            const bool line_start = i == 0 || text_[i - 1] == '\n';
            if (line_start && text_[i] != '\n') out_.append(indent_, ' ');
            out_.push_back(text_[i]);
        }
        if (text_.ends_with('\n')) out_.pop_back();
    }

  private:
    bool next_is_not(std::size_t i, char c) const { return i + 1 < text_.size() && text_[i + 1] != c; }

    bool line_is_full() const {
        if (!folds_) return false;
        std::size_t start = out_.size();
        while (start > 0 && out_[start - 1] != '\n') --start;
        const auto is_lead = [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; };
        const auto from = out_.begin() + static_cast<std::ptrdiff_t>(start);
        return static_cast<std::size_t>(std::count_if(from, out_.end(), is_lead)) > kBestWidth;
    }

    void new_line() {
        out_.push_back('\n');
        out_.append(indent_, ' ');
    }

    std::string& out_;
    std::string_view text_;
    std::size_t indent_;
    bool folds_;
};

void append_in_style(Style style, std::string& out, std::string_view text, std::size_t indent, bool folds) {
    Writer writer{out, text, indent, folds};
    switch (style) {
        case Style::plain:
            return writer.flow('\0');
        case Style::literal:
            return writer.literal();
        case Style::single_quoted:
            out.push_back('\'');
            writer.flow('\'');
            return out.push_back('\'');
        case Style::double_quoted:
            out.push_back('"');
            writer.double_quoted();
            return out.push_back('"');
    }
}

}  // namespace

void append_yaml_text(std::string& out, std::string_view text, std::size_t indent) {
    append_in_style(choose(text, false), out, text, indent, true);
}

void append_yaml_key(std::string& out, std::string_view text) {
    append_in_style(choose(text, true), out, text, 0, false);
}

}  // namespace apiserver
