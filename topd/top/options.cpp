// SPDX-License-Identifier: Apache-2.0
#include "topd/top/options.hpp"

#include "text/go_text.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>

#include <fmt/format.h>

namespace topd::top {
namespace {

template <class T>
struct Word {
    std::string_view word;
    T meaning;
};

constexpr Word<Kind> kKinds[] = {
    {"nodes", Kind::nodes}, {"node", Kind::nodes}, {"no", Kind::nodes},
    {"pods", Kind::pods},   {"pod", Kind::pods},   {"po", Kind::pods},
};
constexpr Word<SortBy> kSorts[] = {{"name", SortBy::name}, {"cpu", SortBy::cpu}, {"memory", SortBy::memory}};
constexpr Word<Output> kOutputs[] = {{"wide", Output::wide}, {"json", Output::json}};
constexpr Word<int> kRanges[] = {{"15m", 900}, {"1h", 3600}, {"6h", 21600}, {"24h", 86400}};

template <class T, std::size_t N>
T meaning_of(std::string_view option, std::string_view word, const Word<T> (&words)[N]) {
    std::string known;
    for (const Word<T>& one : words) {
        if (one.word == word) return one.meaning;
        known += fmt::format("{}{}", known.empty() ? "" : ", ", one.word);
    }
    throw UsageError{fmt::format("{} {}: use one of {}", option, text::quoted(word), known)};
}

std::size_t parse_limit(std::string_view value) {
    std::size_t limit = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), limit);
    if (error != std::errc{} || end != value.data() + value.size() || limit == 0)
        throw UsageError{fmt::format("--limit {}: use a number from 1 on", text::quoted(value))};
    return limit;
}

void set_service(Access& access, std::string_view value) {
    const auto slash = value.find('/');
    const auto belongs = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == ':' ||
               c == '/';
    };
    if (slash == value.npos || slash == 0 || slash + 1 == value.size() ||
        value.find('/', slash + 1) != value.npos || !std::all_of(value.begin(), value.end(), belongs))
        throw UsageError{
            fmt::format("--service {}: use NAMESPACE/NAME or NAMESPACE/NAME:PORT", text::quoted(value))};
    access.service_namespace = value.substr(0, slash);
    access.service_name = value.substr(slash + 1);
}

// A browser's address of the page will do.
std::string url_of_topd(std::string_view url) {
    while (url.ends_with('/')) url.remove_suffix(1);
    if (url.ends_with("/ui")) url.remove_suffix(3);
    return std::string{url};
}

using Set = void (*)(Options&, std::string_view value);

struct Option {
    std::string_view name;
    char letter = 0;
    // What its value is called; empty: it has none.
    std::string_view value;
    std::string_view help;
    Set set;
};

constexpr Option kOptions[] = {
    {"namespace", 'n', "NAMESPACE", "pods of this namespace; default: the context's",
     [](Options& o, std::string_view v) { o.name_space = v; }},
    {"all-namespaces", 'A', "", "pods of all namespaces",
     [](Options& o, std::string_view) { o.all_namespaces = true; }},
    {"range", 0, "15m|1h|6h|24h", "how far back the curves go; default: 1h",
     [](Options& o, std::string_view v) {
         o.range.seconds = meaning_of("--range", v, kRanges);
         o.range.name = v;
     }},
    {"watch", 'w', "", "go on: drawn anew at each tick, until Ctrl-C",
     [](Options& o, std::string_view) { o.watch = true; }},
    {"sort-by", 0, "cpu|memory|name", "cpu and memory: greatest first; default: name",
     [](Options& o, std::string_view v) { o.sort_by = meaning_of("--sort-by", v, kSorts); }},
    {"search", 0, "TEXT", "only those whose namespace, name or node has each of these words",
     [](Options& o, std::string_view v) { o.search = v; }},
    {"limit", 0, "N", "at most this many rows, the first of the order",
     [](Options& o, std::string_view v) { o.limit = parse_limit(v); }},
    {"no-headers", 0, "", "without the line of headings",
     [](Options& o, std::string_view) { o.headings = false; }},
    {"output", 'o', "wide|json", "wide: more columns; json: for programs, curves as numbers",
     [](Options& o, std::string_view v) { o.output = meaning_of("--output", v, kOutputs); }},
    {"kubeconfig", 0, "FILE", "default: $KUBECONFIG, ~/.kube/config, or in a pod its own account",
     [](Options& o, std::string_view v) { o.access.kubeconfig = v; }},
    {"context", 0, "NAME", "of the kubeconfig; default: the current one",
     [](Options& o, std::string_view v) { o.access.context = v; }},
    {"service", 0, "NAMESPACE/NAME[:PORT]",
     "topd's Service for graphs, asked through kube-apiserver; default: kube-system/topd-graphs",
     [](Options& o, std::string_view v) { set_service(o.access, v); }},
    {"url", 0, "URL",
     "ask topd itself: http://127.0.0.1:8000 behind a port-forward, or its secure port by https://, with\n"
     "the kubeconfig's credentials",
     [](Options& o, std::string_view v) { o.access.url = url_of_topd(v); }},
    {"certificate-authority", 0, "FILE", "who vouches for the certificate of --url; default: the cluster's",
     [](Options& o, std::string_view v) { o.access.certificate_authority = v; }},
    {"insecure-skip-tls-verify", 0, "", "take any certificate of --url; no token is sent then",
     [](Options& o, std::string_view) { o.access.insecure = true; }},
    {"help", 'h', "", "this text", [](Options& o, std::string_view) { o.help = true; }},
};

template <class Predicate>
const Option* find_option(Predicate matches) {
    const auto* found = std::find_if(std::begin(kOptions), std::end(kOptions), matches);
    return found == std::end(kOptions) ? nullptr : found;
}

class Parser {
  public:
    explicit Parser(const std::vector<std::string>& arguments)
        : next_{arguments.begin()}, end_{arguments.end()} {}

    Options parse() {
        while (next_ != end_) {
            const std::string_view argument = *next_++;
            if (argument.starts_with("--"))
                read_long(argument);
            else if (argument.size() > 1 && argument.front() == '-')
                read_letters(argument);
            else
                words_.push_back(argument);
        }
        if (options_.help) return options_;
        read_words();
        check();
        return std::move(options_);
    }

  private:
    void read_long(std::string_view argument) {
        const auto equals = argument.find('=');
        const std::string_view name = argument.substr(2, equals == argument.npos ? equals : equals - 2);
        const Option* option = find_option([&](const Option& o) { return o.name == name; });
        if (!option) throw UsageError{fmt::format("unknown option {}", text::quoted(argument))};
        if (equals == argument.npos)
            return set(*option, argument, option->value.empty() ? "" : next(argument));
        if (!option->value.empty()) return set(*option, argument, argument.substr(equals + 1));
        throw UsageError{fmt::format("--{} takes no value", option->name)};
    }

    // -Aw, -n x, -nx, -n=x
    void read_letters(std::string_view argument) {
        for (std::string_view letters = argument.substr(1); !letters.empty();) {
            const Option* option = find_option([&](const Option& o) { return o.letter == letters.front(); });
            if (!option) throw UsageError{fmt::format("unknown option {}", text::quoted(argument))};
            letters.remove_prefix(1);
            if (option->value.empty()) {
                set(*option, argument, "");
                continue;
            }
            if (letters.starts_with('=')) letters.remove_prefix(1);
            return set(*option, argument, letters.empty() ? next(argument) : letters);
        }
    }

    std::string_view next(std::string_view argument) {
        if (next_ == end_) throw UsageError{fmt::format("{} needs a value", argument)};
        return *next_++;
    }

    void set(const Option& option, std::string_view written, std::string_view value) {
        if (!option.value.empty() && value.empty())
            throw UsageError{fmt::format("{} needs a value", written)};
        option.set(options_, value);
    }

    void read_words() {
        if (words_.empty()) throw UsageError{"say what to show: nodes or pods"};
        options_.kind = meaning_of("what to show:", words_[0], kKinds);
        if (words_.size() > 1) options_.name = words_[1];
        if (words_.size() > 2)
            throw UsageError{fmt::format("what is {}? One name is enough", text::quoted(words_[2]))};
    }

    void check() const {
        const Access& access = options_.access;
        if (options_.kind == Kind::nodes && (options_.all_namespaces || !options_.name_space.empty()))
            throw UsageError{"nodes have no namespace: leave out --namespace and --all-namespaces"};
        if (options_.all_namespaces && !options_.name_space.empty())
            throw UsageError{"--namespace and --all-namespaces: use one of them"};
        if (options_.all_namespaces && !options_.name.empty())
            throw UsageError{"a pod of a name is in one namespace: use --namespace"};
        const bool secure = access.url.starts_with("https://");
        if (!secure && (access.insecure || !access.certificate_authority.empty()))
            throw UsageError{
                "--certificate-authority and --insecure-skip-tls-verify are for --url https://..."};
        if (access.insecure && !access.certificate_authority.empty())
            throw UsageError{"--certificate-authority and --insecure-skip-tls-verify: use one of them"};
    }

    std::vector<std::string>::const_iterator next_;
    std::vector<std::string>::const_iterator end_;
    std::vector<std::string_view> words_;
    Options options_;
};

std::string help_line(const Option& option) {
    std::string head = option.letter ? fmt::format("  -{}, ", option.letter) : std::string(6, ' ');
    head += fmt::format("--{}{}{}", option.name, option.value.empty() ? "" : " ", option.value);
    std::string line = head + '\n';
    for (std::string_view rest = option.help; !rest.empty();) {
        const auto end = std::min(rest.find('\n'), rest.size());
        line += fmt::format("          {}\n", rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return line;
}

}  // namespace

Options parse_options(const std::vector<std::string>& arguments) {
    return Parser{arguments}.parse();
}

std::string help_text(const std::string& program) {
    std::string help = fmt::format(
        "Shows what nodes or pods use, as kubectl top does, with a curve of what it was.\n\n"
        "Usage:\n  {0} nodes [NAME] [options]\n  {0} pods [NAME] [options]\n\nOptions:\n",
        program);
    for (const Option& option : kOptions) help += help_line(option);
    return help +
           "\ntopd has to keep history and show it: --graphs-address, or the component deploy/graphs.\n"
           "Ends with 0, with 1 when it could not be asked or has none of that name, with 2 when the command "
           "line is wrong.\n";
}

}  // namespace topd::top
