// SPDX-License-Identifier: Apache-2.0
#include "apiserver/page/snapshot/workload_name.hpp"

#include <catch2/catch.hpp>

TEST_CASE("a pod's name tells its workload where owners are not known") {
    struct Case {
        const char* pod;
        const char* workload;
    };
    const Case cases[] = {
        {"web-5d9f7c6b4-x7k2p", "web"},
        {"web-ui-7f9d4c8b54-zzzzz", "web-ui"},
        {"agent-x7k2p", "agent"},
        {"db-0", "db"},
        {"db-12", "db"},
        {"backup-29011234-x7k2p", "backup"},
        // Vowels are in no suffix.
        {"web-5d9f7c6b4-apple", "web-5d9f7c6b4-apple"},
        {"web-hello-x7k2p", "web-hello"},
        {"web", "web"},
        {"kube-proxy", "kube-proxy"},
        {"-0", "-0"},
        {"-", "-"},
        {"", ""},
        {"0", "0"},
        {"x7k2p", "x7k2p"},
        {"a-", "a-"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.pod);
        CHECK(apiserver::workload_name(c.pod) == c.workload);
    }
}
