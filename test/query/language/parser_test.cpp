// SPDX-License-Identifier: Apache-2.0
#include "query/language/parser.hpp"

#include "query/limits.hpp"
#include "test/query/language/shape.hpp"

#include <string>
#include <utility>

#include <catch2/catch.hpp>

using query_test::parsed;

namespace {

using Rows = std::initializer_list<std::pair<const char*, const char*>>;

void check_rows(Rows rows) {
    for (const auto& [text, expected] : rows) {
        INFO(text);
        CHECK(parsed(text) == expected);
    }
}

std::string repeated(const char* text, int times) {
    std::string out;
    for (int i = 0; i < times; ++i) out += text;
    return out;
}

}  // namespace

TEST_CASE("literals are read as Go reads them") {
    check_rows({{"1", "1"},
                {".5", "0.5"},
                {"5.", "5"},
                {"1e3", "1000"},
                {"1E-2", "0.01"},
                {"1e+2", "100"},
                {"0x1f", "31"},
                {"0X1F", "31"},
                {"017", "15"},
                {"08", "8"},
                {"Inf", "+Inf"},
                {"-iNf", "(-Inf)"},
                {"+inf", "+Inf"},
                {"NaN", "NaN"},
                {"-1", "(-1)"},
                {"--1", "1"},
                {"\"a\\n\\\"\\x41\\101\\u00e9\\U0001F600'\"", "\"a\\n\\\"AA\xc3\xa9\xf0\x9f\x98\x80'\""},
                {"'it\\'s \"x\"'", "\"it's \\\"x\\\"\""},
                {"`a\\n`", "\"a\\\\n\""},
                {"1 # a comment\n# and one more\n", "1"}});
}

TEST_CASE("operators bind as Prometheus has them") {
    check_rows({{"1+2*3", "(1 + (2 * 3))"},
                {"1*2+3", "((1 * 2) + 3)"},
                {"1-2-3", "((1 - 2) - 3)"},
                {"8/4/2", "((8 / 4) / 2)"},
                {"2^3^2", "(2 ^ (3 ^ 2))"},
                {"-2^2", "-((2 ^ 2))"},
                {"2^-1*3", "((2 ^ (-1)) * 3)"},
                {"2 ^ -1 ^ 2", "(2 ^ -((1 ^ 2)))"},
                {"-a*b", "(-(a) * b)"},
                {"-a+b", "(-(a) + b)"},
                {"+a", "a"},
                {"a % b * c", "((a % b) * c)"},
                {"a or b and c", "(a or (b and c))"},
                {"a and b unless c", "((a and b) unless c)"},
                {"a == b + 1", "(a == (b + 1))"},
                {"a < b and c >= d", "((a < b) and (c >= d))"},
                {"a > bool 1", "(a > bool 1)"},
                {"(1+2)*3", "((1 + 2) * 3)"},
                {"a + on (x, y,) b", "(a + on(x,y) b)"},
                {"a * on (pod, namespace) group_left (node) max without(pod_ip,host_ip) (kube_pod_info)",
                 "(a * on(namespace,pod) group_left(node) max without(host_ip,pod_ip)(kube_pod_info))"},
                {"a / ignoring(x) group_right b", "(a / ignoring(x) group_right() b)"},
                {"a == bool on () b", "(a == bool on() b)"},
                {"a OR b AND on(c) d", "(a or (b and on(c) d))"}});
}

TEST_CASE("selectors") {
    check_rows({{"up", "up"},
                {"a:b", "a:b"},
                {":a", ":a"},
                {"up{}", "up"},
                {"up{a=\"b\",c!='d',e=~`f.*`,g!~\"h\",}", "up{a=\"b\",c!=\"d\",e=~\"f.*\",g!~\"h\"}"},
                {"{a=\"b\"}", "{a=\"b\"}"},
                {"{__name__=~\"a|b\", a=\"\"}", "{__name__=~\"a|b\",a=\"\"}"},
                {"{a!=\"\"}", "{a!=\"\"}"},
                {"up{a=\"1\",a=\"2\"}", "up{a=\"1\",a=\"2\"}"},
                {"up{sum=\"1\", on=\"2\", Inf=\"3\"}", "up{sum=\"1\",on=\"2\",Inf=\"3\"}"},
                {"sum", "sum"},
                {"by{a=\"b\"} + offset", "(by{a=\"b\"} + offset)"},
                {"rate(up[5m])", "rate(up[300000ms])"},
                {"rate(up{a=\"b\"}[1h30m] offset 1d)", "rate(up{a=\"b\"}[5400000ms] offset 86400000ms)"},
                {"up offset -1w", "up offset -604800000ms"},
                {"up offset 1y2w3d4h5m6s7ms", "up offset 33019506007ms"},
                {"rate ( up [ 5m ] )", "rate(up[300000ms])"},
                {"rate", "rate"}});
}

TEST_CASE("functions and aggregations") {
    check_rows({{"sum(up)", "sum by()(up)"},
                {"SUM BY (b, a, b,) (up)", "sum by(a,b)(up)"},
                {"sum(up) by (pod,namespace)", "sum by(namespace,pod)(up)"},
                {"Sum(up) Without ()", "sum without()(up)"},
                {"avg by (on, sum) (up)", "avg by(on,sum)(up)"},
                {"count(min(max(up)))", "count by()(min by()(max by()(up)))"},
                {"topk(25, sort_desc(sum(avg_over_time(up[5m])) BY (pod, namespace)))",
                 "topk by()(25, sort_desc(sum by(namespace,pod)(avg_over_time(up[300000ms]))))"},
                {"bottomk(scalar(up) + 1, up)", "bottomk by()((scalar(up) + 1), up)"},
                {"time()", "time()"},
                {"vector(1)", "vector(1)"},
                {"label_replace(up, \"a\", \"$1\", \"b\", \"(.*)\")",
                 "label_replace(up, \"a\", \"$1\", \"b\", \"(.*)\")"}});
}

TEST_CASE("what is broken is refused where it is, in Prometheus' words") {
    check_rows({
        {"", "1:1: parse error: no expression found in input"},
        {"  # nothing", "1:1: parse error: no expression found in input"},
        {"1 +", "1:4: parse error: unexpected end of input"},
        {"(1", "1:3: parse error: unclosed left parenthesis"},
        {"1)", "1:2: parse error: unexpected right parenthesis ')'"},
        {"a[5m", "1:5: parse error: unclosed left bracket"},
        {"a{b=\"c\"", "1:8: parse error: unexpected end of input inside braces"},
        {"a b", "1:3: parse error: unexpected identifier \"b\""},
        {"1 2", "1:3: parse error: unexpected number \"2\""},
        {"sum by a", "1:8: parse error: unexpected identifier \"a\" in grouping opts, expected \"(\""},
        {"sum by (a b) (c)",
         "1:11: parse error: unexpected identifier \"b\" in grouping opts, expected \",\" or \")\""},
        {"sum by (1) (c)", "1:9: parse error: unexpected number \"1\" in grouping opts, expected label"},
        {"sum by (a:b) (c)",
         "1:9: parse error: unexpected metric identifier \"a:b\" in grouping opts, expected label"},
        {"a{b}", "1:4: parse error: unexpected \"}\" in label matching, expected label matching operator"},
        {"a{b=c}", "1:5: parse error: unexpected identifier \"c\" in label matching, expected string"},
        {"a{,}", "1:3: parse error: unexpected \",\" in label matching, expected identifier or \"}\""},
        {"a{b=\"c\" d=\"e\"}",
         "1:9: parse error: unexpected identifier \"d\" in label matching, expected \",\" or \"}\""},
        {"a{b=\"c\"} + on(d) group_left(d) e",
         "1:10: parse error: label \"d\" must not occur in ON and GROUP clause at once"},
        {"a +\n  * b", "2:3: parse error: unexpected <op:*>"},
        {"a ! b", "1:3: parse error: unexpected character after '!': ' '"},
        {"a =~ b", "1:3: parse error: unexpected character after '=': '~'"},
        {"a $ b", "1:3: parse error: unexpected character: '$'"},
        {"a = b", "1:3: parse error: unexpected \"=\""},
        {"'a", "1:1: parse error: unterminated quoted string"},
        {"`a", "1:1: parse error: unterminated raw string"},
        {"1x", "1:1: parse error: bad number or duration syntax: \"1x\""},
        {"a[1m1h]", "1:3: parse error: bad number or duration syntax: \"1m1h\""},
        {"a[0s]", "1:3: parse error: duration must be greater than 0"},
        {"{}", "1:1: parse error: vector selector must contain at least one non-empty matcher"},
        {"{a=\"\"}", "1:1: parse error: vector selector must contain at least one non-empty matcher"},
        {"{a=~\".*\",b!=\"c\"}",
         "1:1: parse error: vector selector must contain at least one non-empty matcher"},
        {"a{__name__=\"b\"}", "1:1: parse error: metric name must not be set twice: \"a\" or \"b\""},
        {"foo(a)", "1:1: parse error: unknown function with name \"foo\""},
        {"RATE(a[5m])", "1:1: parse error: unknown function with name \"RATE\""},
        {"rate(a)",
         "1:6: parse error: expected type range vector in call to function \"rate\", got instant vector"},
        {"rate()", "1:1: parse error: expected 1 argument(s) in call to \"rate\", got 0"},
        {"time(1)", "1:1: parse error: expected 0 argument(s) in call to \"time\", got 1"},
        {"scalar(1)",
         "1:8: parse error: expected type instant vector in call to function \"scalar\", got scalar"},
        {"rate(a[5m],)", "1:11: parse error: trailing commas not allowed in function call args"},
        {"sum(1)", "1:5: parse error: expected type instant vector in aggregation expression, got scalar"},
        {"sum()", "1:1: parse error: no arguments for aggregate expression provided"},
        {"sum(a, b)",
         "1:1: parse error: wrong number of arguments for aggregate expression provided, expected 1, got 2"},
        {"topk(a, b)", "1:6: parse error: expected type scalar in aggregation parameter, got instant vector"},
        {"1 > 2", "1:3: parse error: comparisons between scalars must use BOOL modifier"},
        {"a + bool b", "1:3: parse error: bool modifier can only be used on comparison operators"},
        {"a and 1", "1:1: parse error: set operator \"and\" not allowed in binary scalar expression"},
        {"a and on(b) group_left c", "1:1: parse error: no grouping allowed for \"and\" operation"},
        {"1 + on(a) b", "1:1: parse error: vector matching only allowed between instant vectors"},
        {"a[5m] + 1",
         "1:1: parse error: binary expression must contain only scalar and instant vector types"},
        {"a group_left b", "1:3: parse error: unexpected <group_left>"},
        {"-a[5m]",
         "1:1: parse error: unary expression only allowed on expressions of type scalar or instant vector, "
         "got "
         "\"range vector\""},
        {"(a)[5m]", "1:4: parse error: ranges only allowed for vector selectors"},
        {"a offset 5m [5m]", "1:13: parse error: no offset modifiers allowed before range"},
        {"a offset 1m offset 2m", "1:1: parse error: offset may not be set multiple times"},
        {"sum(a) offset 5m",
         "1:1: parse error: offset modifier must be preceded by an instant vector selector or range vector "
         "selector "
         "or a subquery"},
    });
}

TEST_CASE("what Prometheus has beside the subset is refused by its name") {
    check_rows({
        {"rate(a[5m:1m])", "1:7: parse error: subqueries are not supported"},
        {"a[5m:]", "1:2: parse error: subqueries are not supported"},
        {"a @ 1", "1:3: parse error: the modifier @ is not supported"},
        {"a @ end()", "1:3: parse error: the modifier @ is not supported"},
        {"histogram_quantile(0.9, a)",
         "1:1: parse error: the function histogram_quantile() is not supported"},
        {"absent(a)", "1:1: parse error: the function absent() is not supported"},
        {"delta(a[5m])", "1:1: parse error: the function delta() is not supported"},
        {"deriv(a[5m])", "1:1: parse error: the function deriv() is not supported"},
        {"label_join(a, \"b\", \"c\")", "1:1: parse error: the function label_join() is not supported"},
        {"quantile(0.5, a)", "1:1: parse error: the aggregation quantile() is not supported"},
        {"count_values(\"b\", a)", "1:1: parse error: the aggregation count_values() is not supported"},
        {"GROUP(a)", "1:1: parse error: the aggregation group() is not supported"},
        {"1 + stddev by (b) (a)", "1:5: parse error: the aggregation stddev() is not supported"},
        {"a atan2 b", "1:3: parse error: the operator atan2 is not supported"},
        {"a + fill(0) b", "1:5: parse error: the modifier fill() is not supported"},
        {"rate(a[5m] smoothed)", "1:12: parse error: the modifier smoothed is not supported"},
        {"a anchored", "1:3: parse error: the modifier anchored is not supported"},
        {"{\"a.b\"}", "1:2: parse error: names in quotes are not supported"},
        {"sum by (\"a.b\") (c)", "1:9: parse error: names in quotes are not supported"},
        {"rate(a[300])",
         "1:8: parse error: a duration without unit is not supported, write 300s for seconds"},
        {"1 + 5m", "1:5: parse error: a duration as a number is not supported"},
    });
}

TEST_CASE("a query's size is bounded") {
    CHECK(parsed(repeated("(", 60) + "1" + repeated(")", 60)) == "1");
    CHECK(parsed(repeated("(", 70) + "1" + repeated(")", 70)) ==
          "1:65: parse error: the expression is nested too deeply: 64 levels are supported");
    CHECK(parsed("1" + repeated("+1", 63)).substr(0, 3) == "(((");
    CHECK(parsed("1" + repeated("+1", 64)) ==
          "1:130: parse error: the expression is nested too deeply: 64 levels are supported");
    CHECK(parsed(repeated("-", 100) + "a") ==
          "1:65: parse error: the expression is nested too deeply: 64 levels are supported");
    CHECK(parsed("1" + std::string(query::kTextBytes - 1, ' ')) == "1");
    CHECK(parsed("1" + std::string(query::kTextBytes, ' ')) ==
          "1:1: parse error: queries of more than 16384 bytes are not supported");
    const std::string matchers = repeated("a=~\"b.\",", 32);
    CHECK(parsed("x{" + matchers + "}").substr(0, 2) == "x{");
    CHECK(parsed("x{" + matchers + "c=~\"d.\"}") ==
          "1:1: parse error: more than 32 regular expressions are not supported");
}

TEST_CASE("a bad pattern is told with the query") {
    const std::string text = parsed("a{b=~\"(\"}");
    CHECK(text.substr(0, 47) == "1:3: parse error: error parsing regexp: missing");
    CHECK(parsed("a{b=~\"\\\\C\"}") ==
          "1:3: parse error: error parsing regexp: invalid escape sequence: `\\C`");
    CHECK(parsed("a{b=\"\\y\"}") ==
          "1:5: parse error: error unquoting string \"\\\"\\\\y\\\"\": invalid syntax");
    // Counted repeats multiply.
    CHECK(parsed("a{b=~\"((a{100}){100}){100}\"}").find("1:3: parse error: error parsing regexp") == 0);
}

TEST_CASE("match[] takes a selector and nothing else") {
    const auto found = query::parse_selector("a{b=\"c\"}");
    REQUIRE(found.has_value());
    REQUIRE(found->size() == 2);
    CHECK((*found)[0].label() == "b");
    CHECK((*found)[1].label() == "__name__");
    for (const char* text : {"a[5m]", "a offset 1m", "sum(a)", "1", "(a)", "a + b"}) {
        INFO(text);
        CHECK(!query::parse_selector(text));
    }
}
