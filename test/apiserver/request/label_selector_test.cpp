// SPDX-License-Identifier: Apache-2.0
// The error texts are those of k8s.io/apimachinery v0.37.
#include "apiserver/request/label_selector.hpp"

#include <catch2/catch.hpp>

using apiserver::LabelSelector;

namespace {

const std::string kKeyRule =
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric "
    "character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is "
    "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const std::string kValueRule =
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must "
    "start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used "
    "for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

std::string fault(std::string_view selector) {
    const auto parsed = LabelSelector::parse(selector);
    return parsed ? "none" : parsed.error().text;
}

}  // namespace

TEST_CASE("a selector matches the label sets that Kubernetes says it matches") {
    struct Case {
        const char* selector;
        storage::Labels labels;
        bool expected;
    };
    const storage::Labels web{{"app", "web"}, {"tier", "5"}};
    const Case cases[] = {
        {"", web, true},
        {"", {}, true},
        {"app", web, true},
        {"zone", web, false},
        {"!app", web, false},
        {"!zone", web, true},
        {"app=web", web, true},
        {"app=db", web, false},
        {"app=web", {}, false},
        {"app==web", web, true},
        {"app!=web", web, false},
        {"app!=db", web, true},
        {"app!=db", {}, true},
        {"app in (db,web)", web, true},
        {"app in (db)", web, false},
        {"app notin (db)", web, true},
        {"app notin (db, web)", web, false},
        {"app notin (web)", {}, true},
        {"tier>4", web, true},
        {"tier>5", web, false},
        {"tier<6", web, true},
        {"tier<5", web, false},
        {"app>1", web, false},
        {"zone>1", web, false},
        {"app=web,tier=5", web, true},
        {"app=web,tier=6", web, false},
        {"app=", web, false},
        {"app=", {{"app", ""}}, true},
        {"app==,tier", {{"app", ""}, {"tier", "1"}}, true},
        {"app in ()", {{"app", ""}}, true},
        {"app in ()", web, false},
        {"app in (,web)", {{"app", ""}}, true},
        {"app in (db,,web)", {{"app", ""}}, true},
        {"app in (web,)", web, true},
        {"app in (db,)", {{"app", ""}}, true},
        {" app \t=\n web , ! zone ", web, true},
        {"in", {{"in", "x"}}, true},
        {"in in (in)", {{"in", "in"}}, true},
        {"notin notin (notin)", {{"notin", "notin"}}, false},
        {"in=notin", {{"in", "notin"}}, true},
        {"example.com/app=web", {{"example.com/app", "web"}}, true},
    };
    for (const Case& c : cases) {
        CAPTURE(c.selector, c.labels);
        const auto parsed = LabelSelector::parse(c.selector);
        REQUIRE(parsed.has_value());
        CHECK(parsed->matches(c.labels) == c.expected);
    }
}

TEST_CASE("a bad selector is refused in Kubernetes' words") {
    const std::string in_requirement = "unable to parse requirement: ";
    const std::string bad_key = in_requirement + "<nil>: Invalid value: ";
    const std::pair<std::string, std::string> cases[] = {
        {"a===b", in_requirement + "found '=', expected: identifier"},
        {"!", in_requirement + "found '', expected: identifier"},
        {"a in (b", in_requirement + "found '', expected: ',' or ')'"},
        {",", "found ',', expected: !, identifier, or 'end of string'"},
        {"a,", "found '', expected: identifier after ','"},
        {"a b", in_requirement + "found 'b', expected: in, notin, =, ==, !=, gt, lt"},
        {"a=b=c", "found '=', expected: ',' or 'end of string'"},
        {"x>a",
         in_requirement +
             "values[0]: Invalid value: \"a\": for 'Gt', 'Lt' operators, the value must be an integer"},
        {"a>5555555555555555555555",
         in_requirement +
             "values[0]: Invalid value: \"5555555555555555555555\": for 'Gt', 'Lt' operators, the "
             "value must be an integer"},
        {"a>-5", in_requirement + "values[0][a]: Invalid value: \"-5\": " + kValueRule},
        {"-bad=1", bad_key + "\"-bad\": name part " + kKeyRule},
        {"a=b_$", in_requirement + "values[0][a]: Invalid value: \"b_$\": " + kValueRule},
        {"a in (x_,y_)", in_requirement + "[values[0][a]: Invalid value: \"x_\": " + kValueRule +
                             ", values[1][a]: Invalid value: \"y_\": " + kValueRule + "]"},
        {"a/b/c", bad_key + "\"a/b/c\": a valid label key " + kKeyRule +
                      " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"},
        {"/a", bad_key + "\"/a\": prefix part must be non-empty"},
        {"A.b/c=d", bad_key +
                        "\"A.b/c\": prefix part a lowercase RFC 1123 subdomain must consist of lower case "
                        "alphanumeric characters, '-' or '.', and must start and end with an alphanumeric "
                        "character (e.g. 'example.com', regex used for validation is "
                        "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"},
        {"a.b/=c", bad_key + "\"a.b/\": name part must be non-empty; name part " + kKeyRule},
        {std::string(64, 'k'),
         bad_key + "\"" + std::string(64, 'k') + "\": name part must be no more than 63 bytes"},
        {std::string(254, 'p') + "/k",
         bad_key + "\"" + std::string(254, 'p') + "/k\": prefix part must be no more than 253 bytes"},
        {"a=" + std::string(64, 'v'), in_requirement + "values[0][a]: Invalid value: \"" +
                                          std::string(64, 'v') + "\": must be no more than 63 bytes"},
        {"!a b", "found 'b', expected: ',' or 'end of string'"},
        {"!!a", in_requirement + "found '!', expected: identifier"},
        {"a in b", in_requirement + "found 'b' expected: '('"},
        {"a in", in_requirement + "found '' expected: '('"},
        {"a in (b c)", in_requirement + "found 'c', expected: ',' or ')'"},
        {"a in (=)", in_requirement + "found '=', expected: ',', ')' or identifier"},
        {"a in (b,=)", in_requirement + "found '=', expected: ',', or identifier"},
        {"a!==b", in_requirement + "found '=', expected: identifier"},
        {"(a)", "found '(', expected: !, identifier, or 'end of string'"},
    };
    for (const auto& [selector, expected] : cases) {
        CAPTURE(selector);
        CHECK(fault(selector) == expected);
    }
}

TEST_CASE("a character that the grammar does not have is refused wherever it stands") {
    const std::string characters[] = {std::string(1, '\0'),
                                      "\x01",
                                      "\x0b",
                                      "\x0c",
                                      "\x1b",
                                      "\x7f",
                                      "\x80",
                                      "\xff",
                                      "\xc3\xa9",
                                      "\xc3",
                                      "\xed\xa0\x80",
                                      "\xe2\x80\xa8",
                                      "\xc2\xa0",
                                      "\xef\xbb\xbf",
                                      "%",
                                      "\"",
                                      "\\",
                                      "/",
                                      ";",
                                      "&",
                                      "*"};
    const std::string places[] = {"?",         "?a",         "a?",         "a?b",        "!a?",
                                  "a?=b",      "a=?",        "a=b?",       "a=?b",       "a=b?c",
                                  "a!=b?c",    "a,?",        "a=b,?c",     "a=b ?",      "a=b ?,c",
                                  "? a=b",     "a in (b?)",  "a in (b?c)", "a in (?,b)", "a in (b, ?)",
                                  "a in (b)?", "a in (b) ?", "a>1?",       "a>?1",       "a notin (b,c?)"};
    for (const std::string& character : characters) {
        for (const std::string& place : places) {
            std::string selector = place;
            selector.replace(selector.find('?'), 1, character);
            if (selector == "a/b" || selector == "a/=b") continue;
            CAPTURE(selector);
            CHECK(LabelSelector::parse(selector).has_error());
        }
    }
    const std::string in_requirement = "unable to parse requirement: ";
    CHECK(fault({"a\0b", 3}) == in_requirement + "<nil>: Invalid value: \"a\\x00b\": name part " + kKeyRule);
    CHECK(fault({"a=\0", 3}) == in_requirement + "values[0][a]: Invalid value: \"\\x00\": " + kValueRule);
}

TEST_CASE("a selector over the limits is refused") {
    std::string many = "a";
    for (std::size_t i = 0; i < LabelSelector::kMaxRequirements; ++i) many.append(",a");
    CHECK(fault(many) == "the selector has too many requirements");
    CHECK(fault(many.substr(2)) == "none");
    CHECK(fault(std::string(LabelSelector::kMaxBytes + 1, ' ')) == "the selector is too long");
}
