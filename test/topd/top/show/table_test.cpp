// SPDX-License-Identifier: Apache-2.0
#include "topd/top/show/table.hpp"

#include "test/topd/top/answers.hpp"
#include "topd/top/show/columns.hpp"

using namespace topd::top;
using Lines = std::vector<std::string>;

namespace {

Options nodes_options() {
    Options options;
    options.kind = Kind::nodes;
    return options;
}

Lines table(const std::string& answer, const Options& options, const Layout& layout) {
    const Rows rows = test::rows_of(answer);
    return lay_out(columns_of(rows, options), layout);
}

Layout wide(std::size_t width) {
    Layout layout;
    layout.width = width;
    return layout;
}

std::size_t columns_taken(const std::string& line) {
    std::size_t columns = 0;
    for (const char c : line) columns += (static_cast<unsigned char>(c) & 0xC0u) != 0x80 ? 1 : 0;
    return columns;
}

// As many points as there are for an hour.
std::string of_an_hour(const std::vector<std::string>& names) {
    std::string answer = test::pods(1, names.size(), names);
    const std::string low(30, 'A'), high(30, '_');
    for (std::size_t at = 0; (at = answer.find("\"A_\"", at)) != std::string::npos;)
        answer.replace(at, 4, "\"" + low + high + "\"");
    for (std::size_t at = 0; (at = answer.find("\"_A\"", at)) != std::string::npos;)
        answer.replace(at, 4, "\"" + high + low + "\"");
    return answer;
}

}  // namespace

TEST_CASE("Nodes are shown as kubectl top does, with curves behind") {
    CHECK(table(test::kNodes, nodes_options(), {}) ==
          Lines{"NAME   CPU(cores)   CPU(%)      MEMORY(bytes)   MEMORY(%)   CPU(1h,max=630m)   "
                "MEMORY(1h,max=1024Mi)",
                "n1     250m         6%          512Mi           12%         ▁ ▄█               █▄▁",
                "n2     <unknown>    <unknown>   <unknown>       <unknown>"});
}

TEST_CASE("Nodes have no shares of what topd does not know without --watch-objects") {
    CHECK(table(R"({"columns":{"name":["n1"],"cpu":[250],"memory":[536870912]}})", nodes_options(), {}) ==
          Lines{"NAME   CPU(cores)   MEMORY(bytes)", "n1     250m         512Mi"});
}

TEST_CASE("Without headings and blocks there is ASCII alone") {
    Layout layout;
    layout.headings = false;
    layout.marks = Marks::ascii;
    CHECK(table(test::kNodes, nodes_options(), layout) ==
          Lines{"n1   250m        6%          512Mi       12%         _ ~#   #~_",
                "n2   <unknown>   <unknown>   <unknown>   <unknown>"});
}

TEST_CASE("Wide shows what topd knows of a node beside its use") {
    Options options = nodes_options();
    options.output = Output::wide;
    CHECK(table(test::kNodes, options, {}) ==
          Lines{"NAME   CPU(cores)   CPU(%)      MEMORY(bytes)   MEMORY(%)   CPU-REQ   CPU-CAP   MEM-REQ   "
                "MEM-CAP   "
                "PODS   STATE         REASON               CPU(1h,max=630m)   MEMORY(1h,max=1024Mi)",
                "n1     250m         6%          512Mi           12%         500m      4000m     1Mi       "
                "4096Mi    "
                "12     ok            -                    ▁ ▄█               █▄▁",
                "n2     <unknown>    <unknown>   <unknown>       <unknown>   0m        2000m     -         "
                "0Mi       "
                "0      unreachable   connection refused"});
}

TEST_CASE("Pods have a namespace among all, and no column of what topd does not know") {
    Options options;
    CHECK(table(test::pods(1, 1, {"web"}), options, {}) ==
          Lines{"NAME   CPU(cores)   MEMORY(bytes)   CPU(1h,max=70m)   MEMORY(1h,max=7Mi)",
                "web    5m           2Mi             ▁█                █▁"});
    options.all_namespaces = true;
    options.output = Output::wide;
    const std::string more =
        R"(,"restarts":[2],"node":["n1"],"workload":["Deployment/web"],"cpuLimit":[100])";
    CHECK(
        table(test::pods(1, 1, {"web"}, more), options, {}) ==
        Lines{"NAMESPACE   NAME   CPU(cores)   MEMORY(bytes)   CPU-LIM   RESTARTS   NODE   WORKLOAD         "
              "CPU(1h,max=70m)   MEMORY(1h,max=7Mi)",
              "default     web    5m           2Mi             100m      2          n1     Deployment/web   "
              "▁█                █▁"});
}

TEST_CASE("A table keeps to the width of its terminal") {
    const std::string answer = of_an_hour({"a-web-server-of-a-long-name-5d9f6c7b8-abcde", "b"});
    struct Case {
        std::size_t width;
        Lines expected;
    };
    const Case cases[] = {
        // Whole names, curves with their scale.
        {120,
         {"NAME                                          CPU(cores)   MEMORY(bytes)   CPU(1h,max=70m)        "
          " "
          "MEMORY(1h,max=7Mi)",
          "a-web-server-of-a-long-name-5d9f6c7b8-abcde   5m           2Mi             "
          "▁▁▁▁▁▁▁▁▁▁███████████   ███████████▁▁▁▁▁▁▁▁▁▁"}},
        // Names are cut for the curves' sake.
        {80,
         {"NAME                      CPU(cores)   MEMORY(bytes)   CPU(1h)       MEMORY(1h)",
          "a-web-server-of-a-long…   5m           2Mi             ▁▁▁▁▁██████   ██████▁▁▁▁▁"}},
        // One curve.
        {70,
         {"NAME                          CPU(cores)   MEMORY(bytes)   CPU(1h)",
          "a-web-server-of-a-long-nam…   5m           2Mi             ▁▁▁▁▁██████"}},
        // None.
        {40, {"NAME          CPU(cores)   MEMORY(bytes)", "a-web-serv…   5m           2Mi"}},
        {20, {"NAME     CPU(cores)", "a-web…   5m"}},
        {1, {"…", "…"}},
    };
    for (const Case& c : cases) {
        const Lines lines = table(answer, {}, wide(c.width));
        INFO(c.width);
        REQUIRE(lines.size() == 3);
        for (const std::string& line : lines) CHECK(columns_taken(line) <= c.width);
        CHECK(lines[0] == c.expected[0]);
        CHECK(lines[1] == c.expected[1]);
    }
}

TEST_CASE("No name leaves its place in the table") {
    // ANSI escapes, C1 controls, right-to-left marks, a line's end, and bytes that are no UTF-8.
    Rows rows = test::rows_of(test::pods(1, 1, {"x\\u001b[2J\\u009b1A\\r\\n\\t\\u202e\\u0007<b>"}));
    rows.columns.find("name")->second.push_back(std::string{"\xff\xc3\x00z", 4});
    for (auto& [name, column] : rows.columns) column.resize(2);
    rows.cpu_curves.clear();
    rows.memory_curves.clear();
    rows.count = 2;
    CHECK(lay_out(columns_of(rows, {}), {}) == Lines{"NAME                  CPU(cores)   MEMORY(bytes)",
                                                     "x?[2J??1A??????"
                                                     "?<b>   5m           2Mi",
                                                     "???z                  <unknown>    <unknown>"});
}

TEST_CASE("A name of 253 characters is shown whole where there is no edge") {
    const std::string name(253, 'n');
    const Lines lines = table(test::pods(1, 1, {name}), {}, {});
    CHECK(lines[1].starts_with(name + "   5m"));
    CHECK(columns_taken(table(test::pods(1, 1, {name}), {}, wide(80))[1]) <= 80);
}

TEST_CASE("An answer without rows or curves is a table too") {
    CHECK(table(R"({"columns":{"name":[]}})", {}, {}) == Lines{"NAME"});
    CHECK(table(R"({"columns":{"name":["a"]}})", {}, wide(80)) == Lines{"NAME", "a"});
}
