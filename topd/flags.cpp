// SPDX-License-Identifier: Apache-2.0
#include "topd/flags.hpp"

#include "topd/flag_table.hpp"
#include "topd/flag_values.hpp"

#include <algorithm>
#include <numeric>
#include <optional>
#include <set>

#include <fmt/format.h>

namespace topd {
namespace {

// How many letters must be changed, added or taken away (Levenshtein).
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::size_t diagonal = row[0]++;
        for (std::size_t j = 0; j < b.size(); ++j) {
            const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
        }
    }
    return row[b.size()];
}

template <class Predicate>
const Flag* find_flag(Predicate matches) {
    for (const FlagGroup& group : flag_groups())
        for (const Flag& flag : group.flags)
            if (matches(flag)) return &flag;
    return nullptr;
}

const Flag& flag_by_name(std::string_view given) {
    std::string name{given};
    std::replace(name.begin(), name.end(), '_', '-');
    if (const Flag* flag = find_flag([&](const Flag& f) { return f.name == name; })) return *flag;
    const Flag* nearest = nullptr;
    std::size_t least = name.size() / 3 + 1;
    for (const FlagGroup& group : flag_groups())
        for (const Flag& flag : group.flags)
            if (const std::size_t letters = distance(name, flag.name); letters < least) {
                least = letters;
                nearest = &flag;
            }
    throw FlagError{
        fmt::format("unknown flag: --{}{}", given,
                    nearest ? fmt::format(" (did you mean --{}?)", nearest->name) : std::string{})};
}

bool deserves_warning(const Flag& flag) {
    const Unused* unused = std::get_if<Unused>(&flag.target);
    return unused && unused->say == Unused::Say::warning;
}

class Reader {
  public:
    explicit Reader(const std::vector<std::string>& arguments)
        : next_{arguments.begin()}, end_{arguments.end()} {}

    Flags read() {
        while (next_ != end_) {
            const std::string_view argument = *next_++;
            if (argument == "--") break;
            if (argument.starts_with("--"))
                read_long(argument);
            else if (argument.size() > 1 && argument.front() == '-')
                read_short(argument);
            else
                nothing_comes_of(argument);
        }
        while (next_ != end_) nothing_comes_of(*next_++);
        return std::move(flags_);
    }

  private:
    void read_long(std::string_view argument) {
        const std::string_view body = argument.substr(2);
        const auto equals = body.find('=');
        const std::string_view name = body.substr(0, equals);
        if (name.empty() || name.front() == '-')
            throw FlagError{fmt::format("bad flag syntax: {}", argument)};
        const Flag& flag = flag_by_name(name);
        if (equals != std::string_view::npos)
            set(flag, body.substr(equals + 1));
        else if (is_switch(flag))
            set(flag, "true");
        else if (next_ == end_)
            throw FlagError{fmt::format("flag needs an argument: --{}", name)};
        else
            set(flag, *next_++);
    }

    // One or more letters; what follows the first that takes a value is its value.
    void read_short(std::string_view argument) {
        for (std::string_view letters = argument.substr(1); !letters.empty();) {
            const char letter = letters.front();
            const Flag* flag = find_flag([&](const Flag& f) { return f.shorthand == letter; });
            if (!flag) throw FlagError{fmt::format("unknown shorthand flag: '{}' in {}", letter, argument)};
            letters.remove_prefix(1);
            if (letters.starts_with('=')) return set(*flag, letters.substr(1));
            if (is_switch(*flag)) {
                set(*flag, "true");
                continue;
            }
            if (!letters.empty()) return set(*flag, letters);
            if (next_ == end_)
                throw FlagError{fmt::format("flag needs an argument: '{}' in {}", letter, argument)};
            return set(*flag, *next_++);
        }
    }

    void set(const Flag& flag, std::string_view value) {
        if (deserves_warning(flag)) nothing_comes_of(fmt::format("--{}", flag.name));
        try {
            std::visit([&](auto target) { assign(flag, target, value); }, flag.target);
        } catch (const FlagError& error) {
            throw FlagError{fmt::format("invalid argument \"{}\" for \"{}--{}\" flag: {}", value,
                                        flag.shorthand ? fmt::format("-{}, ", flag.shorthand) : std::string{},
                                        flag.name, error.what())};
        }
    }

    void assign(const Flag&, Unused, std::string_view) {}
    void assign(const Flag&, bool Flags::*target, std::string_view value) {
        flags_.*target = parse_bool(value);
    }
    void assign(const Flag&, int Flags::*target, std::string_view value) {
        flags_.*target = parse_int(value);
    }
    void assign(const Flag&, std::string Flags::*target, std::string_view value) { flags_.*target = value; }
    void assign(const Flag&, Duration Flags::*target, std::string_view value) {
        flags_.*target = parse_duration(value);
    }
    // The first list given replaces the default, further ones are added.
    void assign(const Flag& flag, std::vector<std::string> Flags::*target, std::string_view value) {
        auto items = parse_list(value);
        auto& list = flags_.*target;
        if (given_.insert(&flag).second) list.clear();
        std::move(items.begin(), items.end(), std::back_inserter(list));
    }

    void nothing_comes_of(std::string_view argument) {
        auto& list = flags_.without_effect;
        if (std::find(list.begin(), list.end(), argument) == list.end()) list.emplace_back(argument);
    }

    std::vector<std::string>::const_iterator next_;
    std::vector<std::string>::const_iterator end_;
    Flags flags_;
    std::set<const Flag*> given_;
};

}  // namespace

Flags parse_flags(const std::vector<std::string>& arguments) {
    return Reader{arguments}.read();
}

}  // namespace topd
