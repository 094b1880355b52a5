// SPDX-License-Identifier: Apache-2.0
#include "topd/doctor/judge/finding.hpp"

#include <catch2/catch.hpp>

using namespace topd::doctor;

namespace {

Check well() {
    Check check;
    check.title = "API server";
    check.well = "v1.37.2";
    return check;
}

Check warned() {
    Check check;
    check.title = "Kubelets";
    check.well = "2 of 2 gave their metrics";
    check.findings.push_back({Severity::warning, "clock-kubelet", "node n1", "is late", "set it"});
    return check;
}

Check failed() {
    Check check = warned();
    check.findings.push_back({Severity::error, "kubelet-connect", "node n2", "refused", ""});
    check.notes.push_back("3 of 5 were not asked");
    return check;
}

}  // namespace

TEST_CASE("The doctor's report has a line for what is well and a paragraph for what is wrong") {
    CHECK(render({well(), failed()}) ==
          "ok    API server: v1.37.2\n"
          "ERROR Kubelets\n"
          "      [clock-kubelet] node n1\n"
          "          is late\n"
          "          Mend: set it\n"
          "      [kubelet-connect] node n2\n"
          "          refused\n"
          "      note: 3 of 5 were not asked\n"
          "1 error, 1 warning\n");
    CHECK(render({warned()}).starts_with("WARN  Kubelets\n"));
    CHECK(render({well()}) == "ok    API server: v1.37.2\n0 errors, 0 warnings\n");
    Check unknown;
    unknown.title = "Memory";
    unknown.notes.push_back("not looked at");
    CHECK(render({unknown}) == "?     Memory\n      note: not looked at\n0 errors, 0 warnings\n");
}

TEST_CASE("The doctor ends with 1 for errors and with 0 for warnings") {
    CHECK(exit_code({well(), warned()}) == 0);
    CHECK(exit_code({well(), failed()}) == 1);
    CHECK(exit_code({}) == 0);
}

TEST_CASE("The same fault of two objects is one finding") {
    const Finding one{Severity::error, "service-missing", "APIService a", "what", "mend"};
    Finding two = one;
    two.where = "APIService b";
    Finding other = one;
    other.what = "else";
    const Findings result = merged({one, two, other, one});
    REQUIRE(result.size() == 2);
    CHECK(result[0].where == "APIService a, APIService b");
    CHECK(result[1].what == "else");
}

TEST_CASE("Foreign text in a report is one printable line of bounded length") {
    CHECK(one_line("a\nb\tc\x1b[31m\xc3\xa9 \n") == "a b c?[31m??");
    CHECK(one_line("abcdef", 3) == "abc");
    CHECK(few_of({"n1", "n2"}) == "n1, n2");
    CHECK(few_of({"1", "2", "3", "4", "5", "6", "7"}) == "1, 2, 3, 4, 5 and 2 more");
}

TEST_CASE("A date is that of UTC") {
    CHECK(date(std::chrono::system_clock::time_point{std::chrono::seconds{1795520344}}) == "2026-11-24");
}
