// SPDX-License-Identifier: Apache-2.0
#include "test/topd/flags/flags_page.hpp"

#include "topd/flags/flag_table.hpp"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

namespace topd {
namespace {

struct Difference {
    std::string_view flag;
    std::string_view text;
};

// What does not hold for metrics-server 0.9.0.
constexpr Difference kDifferences[] = {
    {"advertise-address", "A name is taken as well as an address."},
    {"authentication-kubeconfig", "Empty there: the pod's own account, whatever --kubeconfig says."},
    {"authentication-tolerate-lookup-failure",
     "Without it, too, topd starts and tries again; metrics-server ends (decision 0006)."},
    {"authorization-kubeconfig", "Empty there: the pod's own account, whatever --kubeconfig says."},
    {"bind-address", "Checked at the start, with the words of pflag."},
    {"bridge-missed-scrapes", "Not there: what a failed scrape would have told is missing for two cycles."},
    {"kubelet-compression", "Not there."},
    {"logging-format", "Lines go to stderr in both formats."},
    {"serve-swap", "Not there: swap is not served."},
    {"tls-cipher-suites",
     "Empty there: AES-CBC with SHA-1 as well. RC4 and 3DES are not to be had: they are left out with a "
     "warning."},
    {"tls-curve-preferences",
     "Hybrids with ML-KEM (4587, 4588, 4589) are not to be had: they are left out with a warning."},
    {"tls-min-version", "TLS 1.0 and 1.1 are not spoken: a warning says so."},
};

// In a cell of a table "|" would end it.
std::string cell(std::string text) {
    for (std::size_t at = 0; (at = text.find('|', at)) != text.npos; at += 2) text.insert(at, 1, '\\');
    return text;
}

std::string row(const Flag& flag) {
    const FlagText text = describe(flag);
    const auto* const difference = std::find_if(std::begin(kDifferences), std::end(kDifferences),
                                                [&](const Difference& d) { return d.flag == flag.name; });
    const std::string name = flag.shorthand ? fmt::format("`-{}`, `--{}`", flag.shorthand, flag.name)
                                            : fmt::format("`--{}`", flag.name);
    return fmt::format("| {} | {} | {} | {} | {} |\n", name, text.kind.empty() ? "switch" : text.kind,
                       text.initial.empty() ? "" : fmt::format("`{}`", text.initial),
                       cell(std::string{flag.help}),
                       difference == std::end(kDifferences) ? "" : cell(std::string{difference->text}));
}

std::string used_group(const FlagGroup& group) {
    std::string text =
        fmt::format("\n### {}\n\n| flag | kind | default | meaning | beside metrics-server |\n", group.title);
    text += "|---|---|---|---|---|\n";
    for (const Flag& flag : group.flags) text += row(flag);
    return text;
}

std::string unused_group(const FlagGroup& group) {
    std::string names;
    for (const Flag& flag : group.flags) {
        const std::string kind = describe(flag).kind;
        names +=
            fmt::format("{}`--{}{}{}`", names.empty() ? "" : ", ", flag.name, kind.empty() ? "" : " ", kind);
    }
    return fmt::format("\n### {}\n\n{}\n\n{}\n", group.title, group.why_unused, names);
}

}  // namespace

std::string flags_page() {
    std::string text =
        "# Flags\n\n"
        "Made from the table in `topd/flags/flag_table.cpp`; a test "
        "compares the two "
        "and says "
        "how to make it anew.\n\n"
        "Every flag of metrics-server 0.9.0 is accepted, in every spelling of pflag: `--flag=x`, `--flag x`, "
        "`--switch`, `--switch=false`, `-v=4`, `-v4`, `-v 4`. The last value of a flag counts; lists are "
        "comma-separated, and further ones are added. `_` in a name is `-`. An unknown flag is refused, with "
        "the "
        "nearest name. An argument that is no flag is ignored, and the log says what was probably meant.\n\n"
        "## Flags that work\n";
    for (const FlagGroup& group : flag_groups())
        if (group.why_unused.empty()) text += used_group(group);
    text +=
        "\n## Flags that are accepted and change nothing\n\n"
        "So that manifests start as they are. The log names, once each, those that were given.\n";
    for (const FlagGroup& group : flag_groups())
        if (!group.why_unused.empty()) text += unused_group(group);
    return text;
}

}  // namespace topd
