// SPDX-License-Identifier: Apache-2.0
#include "topd/flags/flags.hpp"

#include "text/go_text.hpp"
#include "topd/flags/flag_spelling.hpp"
#include "topd/flags/flag_table.hpp"
#include "topd/flags/flag_values.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

namespace topd {
namespace {

template <class Predicate>
const Flag* find_flag(Predicate matches) {
    for (const FlagGroup& group : flag_groups())
        for (const Flag& flag : group.flags)
            if (matches(flag)) return &flag;
    return nullptr;
}

std::string in_brackets(const std::string& text) {
    return text.empty() ? text : " (" + text + ")";
}

const Flag& flag_by_name(std::string_view given, std::string_view argument) {
    std::string name{given};
    std::replace(name.begin(), name.end(), '_', '-');
    if (const Flag* flag = find_flag([&](const Flag& f) { return f.name == name; })) return *flag;
    throw FlagError{fmt::format("unknown flag: {}{}", shown_argument(fmt::format("--{}", given)),
                                in_brackets(meant_by(argument)))};
}

std::string shown_letter(char letter) {
    if (letter > ' ' && letter < 0x7f) return {letter};
    return fmt::format("\\x{:02x}", static_cast<unsigned char>(letter));
}

bool deserves_warning(const Flag& flag) {
    const Unused* unused = std::get_if<Unused>(&flag.target);
    return unused && unused->say == Unused::Say::warning;
}

// Lists may have quotes.
bool is_taken_literally(const Flag& flag, std::string_view value) {
    if (std::holds_alternative<Unused>(flag.target) || std::holds_alternative<Repeated>(flag.target))
        return false;
    return !std::holds_alternative<std::vector<std::string> Flags::*>(flag.target) || !value.starts_with('"');
}

class Reader {
  public:
    explicit Reader(const std::vector<std::string>& arguments)
        : next_{arguments.begin()}, end_{arguments.end()} {}

    Flags read() {
        while (next_ != end_) {
            const std::string_view argument = *next_++;
            const Flag* const before = std::exchange(lone_switch_, nullptr);
            if (argument == "--") break;
            if (argument.starts_with("--"))
                read_long(argument);
            else if (argument.size() > 1 && argument.front() == '-')
                read_short(argument);
            else
                ignore(argument, before ? value_of(*before, argument) : meant_by(argument));
        }
        while (next_ != end_) ignore(*next_++, "it stands behind \"--\"");
        return std::move(flags_);
    }

  private:
    void read_long(std::string_view argument) {
        const std::string_view body = argument.substr(2);
        const auto equals = body.find('=');
        const std::string_view name = body.substr(0, equals);
        if (name.empty() || name.front() == '-')
            throw FlagError{fmt::format("bad flag syntax: {}{}", shown_argument(argument),
                                        in_brackets(meant_by(argument)))};
        const Flag& flag = flag_by_name(name, argument);
        if (equals != std::string_view::npos) return set(flag, name, body.substr(equals + 1));
        if (is_switch(flag)) {
            lone_switch_ = &flag;
            return set(flag, name, "true");
        }
        if (next_ == end_) throw FlagError{fmt::format("flag needs an argument: --{}", name)};
        set(flag, name, *next_++);
    }

    // One or more letters; what follows the first that takes a value is its value.
    void read_short(std::string_view argument) {
        for (std::string_view letters = argument.substr(1); !letters.empty();) {
            const char letter = letters.front();
            const Flag* flag = find_flag([&](const Flag& f) { return f.shorthand == letter; });
            if (!flag)
                throw FlagError{fmt::format("unknown shorthand flag: '{}' in {}{}", shown_letter(letter),
                                            shown_argument(argument), in_brackets(meant_by(argument)))};
            letters.remove_prefix(1);
            if (letters.starts_with('=')) return set(*flag, flag->name, letters.substr(1));
            if (is_switch(*flag)) {
                set(*flag, flag->name, "true");
                continue;
            }
            if (!letters.empty()) return set_by_letter(*flag, letters, argument);
            if (next_ == end_)
                throw FlagError{fmt::format("flag needs an argument: '{}' in {}", letter, argument)};
            return set(*flag, flag->name, *next_++);
        }
    }

    // -v4, but also -version.
    void set_by_letter(const Flag& flag, std::string_view value, std::string_view argument) {
        try {
            set(flag, flag.name, value);
        } catch (const FlagError& error) {
            throw FlagError{error.what() + in_brackets(meant_by(argument))};
        }
    }

    // `written`: its name, as it was written.
    void set(const Flag& flag, std::string_view written, std::string_view value) {
        if (deserves_warning(flag) && named_.insert(&flag).second)
            flags_.without_effect.push_back(fmt::format("--{}", written));
        const std::string doubt = is_taken_literally(flag, value) ? doubt_about_value(value) : std::string{};
        try {
            std::visit([&](auto target) { assign(flag, target, value); }, flag.target);
        } catch (const FlagError& error) {
            throw FlagError{fmt::format("invalid argument {} for \"{}--{}\" flag: {}{}", text::quoted(value),
                                        flag.shorthand ? fmt::format("-{}, ", flag.shorthand) : std::string{},
                                        written, error.what(), in_brackets(doubt))};
        }
        if (!doubt.empty())
            flags_.doubts.push_back(fmt::format("--{} is {}: {}", written, text::quoted(value), doubt));
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

    void assign(const Flag&, Repeated target, std::string_view value) {
        (flags_.*target.list).emplace_back(value);
    }

    // "--switch false"
    static std::string value_of(const Flag& lone_switch, std::string_view argument) {
        try {
            parse_bool(argument);
            return fmt::format("did you mean --{}={}?", lone_switch.name, argument);
        } catch (const FlagError&) {
            return meant_by(argument);
        }
    }

    void ignore(std::string_view argument, const std::string& advice) {
        flags_.doubts.push_back(fmt::format("argument {} is not a flag and was ignored{}{}",
                                            text::quoted(argument), advice.empty() ? "" : "; ", advice));
    }

    std::vector<std::string>::const_iterator next_;
    std::vector<std::string>::const_iterator end_;
    Flags flags_;
    std::set<const Flag*> given_;
    // In without_effect.
    std::set<const Flag*> named_;
    // The last argument was a switch without a value.
    const Flag* lone_switch_ = nullptr;
};

}  // namespace

Flags parse_flags(const std::vector<std::string>& arguments) {
    return Reader{arguments}.read();
}

}  // namespace topd
