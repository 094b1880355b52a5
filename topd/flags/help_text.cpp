// SPDX-License-Identifier: Apache-2.0
// The table of flags as --help shows it, for terminals of 80 columns.
#include "topd/flags/flag_table.hpp"
#include "topd/flags/flag_values.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace topd {
namespace {

constexpr std::size_t kColumns = 80;
constexpr std::size_t kNameIndent = 6;
constexpr std::size_t kHelpIndent = 12;

// Lines of whole words.
std::string wrapped(std::string_view text, std::size_t indent) {
    std::string out;
    std::size_t column = 0;
    while (!text.empty()) {
        const std::string_view word = text.substr(0, text.find(' '));
        text.remove_prefix(std::min(text.size(), word.size() + 1));
        if (column != 0 && column + 1 + word.size() > kColumns) {
            out += '\n';
            column = 0;
        }
        out += column == 0 ? std::string(indent, ' ') : " ";
        column += word.size() + (column == 0 ? indent : 1);
        out += word;
    }
    return out + '\n';
}

std::string used_group(const FlagGroup& group) {
    std::string text = fmt::format("\n{} flags:\n\n", group.title);
    for (const Flag& flag : group.flags) {
        const FlagText parts = describe(flag);
        text += flag.shorthand ? fmt::format("  -{}, ", flag.shorthand) : std::string(kNameIndent, ' ');
        text += fmt::format("--{}", flag.name);
        if (!parts.kind.empty()) text += fmt::format(" {}", parts.kind);
        if (!parts.initial.empty()) text += fmt::format(" (default {})", parts.initial);
        text += '\n' + wrapped(flag.help, kHelpIndent);
    }
    return text;
}

std::string unused_group(const FlagGroup& group) {
    std::string names;
    for (const Flag& flag : group.flags) names += fmt::format("{}--{}", names.empty() ? "" : ", ", flag.name);
    return '\n' + wrapped(fmt::format("{}: {}", group.title, group.why_unused), 2) +
           wrapped(names, kNameIndent);
}

}  // namespace

FlagText describe(const Flag& flag) {
    struct Visitor {
        const Flags defaults{};
        FlagText operator()(Unused unused) const { return {std::string{unused.kind}, ""}; }
        FlagText operator()(bool Flags::*target) const { return {"", defaults.*target ? "true" : ""}; }
        FlagText operator()(int Flags::*target) const {
            return {"int", defaults.*target ? std::to_string(defaults.*target) : ""};
        }
        FlagText operator()(std::string Flags::*target) const {
            return {"string", (defaults.*target).empty() ? "" : fmt::format("\"{}\"", defaults.*target)};
        }
        FlagText operator()(Duration Flags::*target) const {
            const bool none = defaults.*target == Duration::zero();
            return {"duration", none ? "" : format_duration(defaults.*target)};
        }
        FlagText operator()(std::vector<std::string> Flags::*target) const {
            const auto& list = defaults.*target;
            return {"strings", list.empty() ? "" : fmt::format("[{}]", fmt::join(list, ","))};
        }
        // pflag's StringArray.
        FlagText operator()(Repeated) const { return {"stringArray", ""}; }
    };
    return std::visit(Visitor{}, flag.target);
}

std::string help_text() {
    std::string text =
        "topd serves metrics.k8s.io, the API behind kubectl top.\n\nUsage:\n"
        "  topd [flags]\n"
        "  topd doctor [flags]   Says what is wrong around it, and how to mend it.\n";
    for (const FlagGroup& group : flag_groups())
        if (group.why_unused.empty()) text += used_group(group);
    text += "\nFlags that are accepted and change nothing (the log names those given):\n";
    for (const FlagGroup& group : flag_groups())
        if (!group.why_unused.empty()) text += unused_group(group);
    return text;
}

}  // namespace topd
