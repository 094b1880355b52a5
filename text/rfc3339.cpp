// SPDX-License-Identifier: Apache-2.0
#include "text/rfc3339.hpp"

#include "text/go_time.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace text {
namespace {

constexpr std::string_view kLayout = "2006-01-02T15:04:05Z07:00";

bool is_digit(std::string_view text, std::size_t at) {
    return at < text.size() && text[at] >= '0' && text[at] <= '9';
}

// Fields as they are taken off the front of a text.
class Reader {
  public:
    explicit Reader(std::string_view text) : text_{text}, rest_{text} {}

    // Exactly so many digits, or one less where `loose`; else the field is what could not be parsed.
    int number(std::string_view field, std::size_t digits, bool loose = false) {
        if (failed()) return 0;
        std::size_t size = 0;
        while (size < digits && is_digit(rest_, size)) ++size;
        if (size < digits && !(loose && size + 1 == digits)) return fail(field), 0;
        int value = 0;
        for (std::size_t i = 0; i < size; ++i) value = value * 10 + (rest_[i] - '0');
        rest_.remove_prefix(size);
        return value;
    }

    void mark(char wanted) {
        if (failed()) return;
        if (!rest_.starts_with(wanted)) return fail({&wanted, 1});
        rest_.remove_prefix(1);
    }

    struct Fraction {
        // It is not zero.
        bool some = false;
        int millis = 0;
    };
    Fraction fraction() {
        Fraction out;
        if (failed() || rest_.empty() || (rest_[0] != '.' && rest_[0] != ',') || !is_digit(rest_, 1))
            return out;
        rest_.remove_prefix(1);
        for (int worth = 100; is_digit(rest_, 0); rest_.remove_prefix(1), worth /= 10) {
            out.some = out.some || rest_[0] != '0';
            out.millis += (rest_[0] - '0') * worth;
        }
        return out;
    }

    // Seconds east of UTC.
    int zone() {
        if (failed()) return 0;
        if (rest_.starts_with('Z')) return rest_.remove_prefix(1), 0;
        constexpr std::string_view kField = "Z07:00";
        const bool formed = rest_.size() >= 6 && (rest_[0] == '+' || rest_[0] == '-') && rest_[3] == ':' &&
                            is_digit(rest_, 1) && is_digit(rest_, 2) && is_digit(rest_, 4) &&
                            is_digit(rest_, 5);
        if (!formed) return fail(kField), 0;
        const int sign = rest_[0] == '-' ? -1 : 1;
        const int hours = (rest_[1] - '0') * 10 + (rest_[2] - '0');
        const int minutes = (rest_[4] - '0') * 10 + (rest_[5] - '0');
        rest_.remove_prefix(6);
        check(hours <= 24, "time zone offset hour");
        check(minutes <= 60, "time zone offset minute");
        return sign * (hours * 60 + minutes) * 60;
    }

    void check(bool in_range, std::string_view what) {
        if (in_range || failed()) return;
        error_ = "parsing time " + time_quoted(text_) + ": " + std::string{what} + " out of range";
    }

    void end() {
        if (!failed() && !rest_.empty())
            error_ = "parsing time " + time_quoted(text_) + ": extra text: " + time_quoted(rest_);
    }

    bool failed() const { return !error_.empty(); }
    const std::string& error() const { return error_; }

  private:
    void fail(std::string_view field) {
        error_ = "parsing time " + time_quoted(text_) + " as " + time_quoted(kLayout) + ": cannot parse " +
                 time_quoted(rest_) + " as " + time_quoted(field);
    }

    std::string_view text_;
    std::string_view rest_;
    std::string error_;
};

struct Moment {
    std::int64_t seconds = 0;
    Reader::Fraction fraction;
};

Parsed<Moment> read_moment(std::string_view text) {
    Reader reader{text};
    const int year = reader.number("2006", 4);
    reader.mark('-');
    const int month = reader.number("01", 2);
    reader.check(month >= 1 && month <= 12, "month");
    reader.mark('-');
    const int day = reader.number("02", 2);
    reader.mark('T');
    const int hour = reader.number("15", 2, true);
    reader.check(hour < 24, "hour");
    reader.mark(':');
    const int minute = reader.number("04", 2);
    reader.check(minute < 60, "minute");
    reader.mark(':');
    const int second = reader.number("05", 2);
    reader.check(second < 60, "second");
    const Reader::Fraction fraction = reader.fraction();
    const int zone = reader.zone();
    reader.end();
    const std::chrono::year_month_day date{std::chrono::year{year},
                                           std::chrono::month{static_cast<unsigned>(month)},
                                           std::chrono::day{static_cast<unsigned>(day)}};
    reader.check(date.ok(), "day");
    if (reader.failed()) return ParseError{reader.error()};
    const std::int64_t days = std::chrono::sys_days{date}.time_since_epoch().count();
    return Moment{((days * 24 + hour) * 60 + minute) * 60 + second - zone, fraction};
}

}  // namespace

Parsed<std::int64_t> parse_rfc3339(std::string_view text, Between between) {
    const auto moment = read_moment(text);
    if (!moment) return moment.error();
    return moment->seconds + (moment->fraction.some && between == Between::up ? 1 : 0);
}

Parsed<std::int64_t> parse_rfc3339_millis(std::string_view text) {
    const auto moment = read_moment(text);
    if (!moment) return moment.error();
    return moment->seconds * 1000 + moment->fraction.millis;
}

}  // namespace text
