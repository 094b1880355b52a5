// SPDX-License-Identifier: Apache-2.0
#include "query/operations/operations.hpp"
#include "query/source/regex.hpp"
#include "text/go_text.hpp"

#include <algorithm>
#include <utility>

#include <re2/re2.h>

namespace query {
namespace {

// What replacements make of one value is bounded: `$1$1$1...` of a long value.
constexpr std::size_t kLongestValue = 64 * 1024;

// Go's Regexp.Expand: $name, ${name}, $1, $$; what is no group is empty.
class Expander {
  public:
    Expander(const re2::RE2& regex, const std::vector<re2::StringPiece>& groups)
        : regex_{regex}, groups_{groups} {}

    std::string expand(std::string_view pattern) const {
        std::string out;
        while (!pattern.empty() && out.size() <= kLongestValue) {
            const std::size_t plain = std::min(pattern.find('$'), pattern.size());
            out += pattern.substr(0, plain);
            pattern.remove_prefix(plain);
            if (pattern.empty()) break;
            if (pattern.size() > 1 && pattern[1] == '$') {
                out += '$';
                pattern.remove_prefix(2);
            } else if (const std::string_view name = take_name(pattern); !name.empty()) {
                out += group(name);
            } else {
                out += '$';
                pattern.remove_prefix(1);
            }
        }
        return out;
    }

  private:
    // Empty, and nothing taken: there is no name behind the `$`.
    static std::string_view take_name(std::string_view& pattern) {
        const bool braced = pattern.size() > 1 && pattern[1] == '{';
        const std::size_t begin = braced ? 2 : 1;
        std::size_t end = begin;
        while (end < pattern.size() && is_name_char(pattern[end])) ++end;
        if (braced && (end == pattern.size() || pattern[end] != '}')) return {};
        const std::string_view name = pattern.substr(begin, end - begin);
        if (!name.empty()) pattern.remove_prefix(end + (braced ? 1 : 0));
        return name;
    }

    std::string_view group(std::string_view name) const {
        const bool is_number =
            std::all_of(name.begin(), name.end(), [](char c) { return c >= '0' && c <= '9'; });
        std::size_t number = groups_.size();
        if (is_number && (name.size() == 1 || name[0] != '0') && name.size() < 9) {
            number = static_cast<std::size_t>(std::stoul(std::string{name}));
        } else if (!is_number) {
            const auto& named = regex_.NamedCapturingGroups();
            if (const auto it = named.find(std::string{name}); it != named.end())
                number = static_cast<std::size_t>(it->second);
        }
        if (number >= groups_.size() || groups_[number].data() == nullptr) return {};
        return {groups_[number].data(), groups_[number].size()};
    }

    const re2::RE2& regex_;
    const std::vector<re2::StringPiece>& groups_;
};

class LabelReplace : public Operation {
  public:
    struct Texts {
        std::string to;
        std::string replacement;
        std::string from;
    };
    LabelReplace(OperationPtr vector, Texts texts, std::shared_ptr<const re2::RE2> regex)
        : vector_{std::move(vector)},
          texts_{std::move(texts)},
          regex_{std::move(regex)},
          groups_(static_cast<std::size_t>(regex_->NumberOfCapturingGroups()) + 1) {}

    Pull next(Work& work, Row& out) override {
        const Pull pulled = vector_->next(work, out);
        if (pulled != Pull::row) return pulled;
        const std::string value{out.labels.get(texts_.from)};
        const re2::StringPiece text{value.data(), value.size()};
        if (!regex_->Match(text, 0, text.size(), re2::RE2::ANCHOR_BOTH, groups_.data(),
                           static_cast<int>(groups_.size())))
            return Pull::row;
        const std::string replaced = Expander{*regex_, groups_}.expand(texts_.replacement);
        if (replaced.size() > kLongestValue) {
            work.fail(execution("label_replace() made a value of more than " + std::to_string(kLongestValue) +
                                " bytes, which is not supported"));
            return Pull::failed;
        }
        out.labels.set(texts_.to, replaced);
        return Pull::row;
    }

  private:
    OperationPtr vector_;
    Texts texts_;
    std::shared_ptr<const re2::RE2> regex_;
    std::vector<re2::StringPiece> groups_;
};

}  // namespace

Result<OperationPtr> make_label_replace(const Call& call, OperationPtr vector) {
    const auto text_at = [&](std::size_t i) {
        return std::get<StringLiteral>(call.arguments[i]->node).value;
    };
    LabelReplace::Texts texts{text_at(1), text_at(2), text_at(3)};
    auto regex = compile_regex(text_at(4));
    if (!regex) return execution("invalid regular expression in label_replace(): " + text_at(4));
    if (!is_label_name(texts.to))
        return execution("invalid destination label name in label_replace(): " + texts.to);
    return OperationPtr{
        std::make_unique<LabelReplace>(std::move(vector), std::move(texts), std::move(*regex))};
}

}  // namespace query
