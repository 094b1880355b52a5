// SPDX-License-Identifier: Apache-2.0
#include "topd/limits/cgroup.hpp"

#include "test/topd/file_tree.hpp"
#include "test/topd/limits/mebibyte.hpp"

#include <catch2/catch.hpp>

using namespace std::chrono_literals;
using test::FileTree;
using test::kMiB;
using topd::Cgroup;

namespace {

// What version 1 shows without a limit.
const std::string kUnlimited = "9223372036854771712\n";

}  // namespace

TEST_CASE("Version 2 in a container that sees its own group as the root") {
    FileTree tree;
    tree.write("proc/self/cgroup", "0::/\n");
    tree.write("proc/self/mountinfo",
               "1520 1519 0:30 / /sys/fs/cgroup ro,nosuid,relatime - cgroup2 cgroup rw,nsdelegate\n");
    tree.write("sys/fs/cgroup/memory.max", "67108864\n");
    tree.write("sys/fs/cgroup/cpu.max", "50000 100000\n");
    tree.write("sys/fs/cgroup/cpu.stat",
               "usage_usec 9000000\nuser_usec 1\nsystem_usec 2\nnr_periods 100\nnr_throttled 7\n"
               "throttled_usec 1250000\nnr_bursts 0\nburst_usec 0\n");
    const Cgroup cgroup{tree.root()};
    CHECK(cgroup.limits().memory_bytes == 64 * kMiB);
    CHECK(cgroup.limits().cpus == 0.5);
    const auto throttling = cgroup.throttling();
    REQUIRE(throttling.has_value());
    CHECK(throttling->periods == 7);
    CHECK(throttling->time == 1250ms);
}

TEST_CASE("Version 2 on a host counts the groups above") {
    FileTree tree;
    tree.write("proc/self/cgroup", "0::/kubepods.slice/pod1.slice/topd.scope\n");
    tree.write("proc/self/mountinfo",
               "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n"
               "35 24 0:30 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw\n");
    tree.write("sys/fs/cgroup/kubepods.slice/memory.max", "1073741824\n");
    tree.write("sys/fs/cgroup/kubepods.slice/cpu.max", "400000 100000\n");
    tree.write("sys/fs/cgroup/kubepods.slice/pod1.slice/memory.max", "104857600\n");
    tree.write("sys/fs/cgroup/kubepods.slice/pod1.slice/cpu.max", "25000 50000\n");
    tree.write("sys/fs/cgroup/kubepods.slice/pod1.slice/cpu.stat", "nr_throttled 3\nthrottled_usec 40\n");
    tree.write("sys/fs/cgroup/kubepods.slice/pod1.slice/topd.scope/memory.max", "max\n");
    tree.write("sys/fs/cgroup/kubepods.slice/pod1.slice/topd.scope/cpu.max", "max 100000\n");
    tree.write("sys/fs/cgroup/kubepods.slice/pod1.slice/topd.scope/cpu.stat",
               "nr_throttled 0\nthrottled_usec 0\n");
    const Cgroup cgroup{tree.root()};
    CHECK(cgroup.limits().memory_bytes == 100 * kMiB);
    CHECK(cgroup.limits().cpus == 0.5);
    // Of the group that holds the limit.
    REQUIRE(cgroup.throttling().has_value());
    CHECK(cgroup.throttling()->time == 40us);

    // Resized in place.
    tree.write("sys/fs/cgroup/kubepods.slice/pod1.slice/memory.max", "209715200\n");
    CHECK(cgroup.limits().memory_bytes == 200 * kMiB);
}

TEST_CASE("Version 1 on a host") {
    FileTree tree;
    tree.write("proc/self/cgroup",
               "11:memory:/kubepods/pod1/topd\n4:cpu,cpuacct:/kubepods/pod1/topd\n1:name=systemd:/\n0::/\n");
    tree.write("proc/self/mountinfo",
               "31 23 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw,mode=755\n"
               "32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime - cgroup cgroup rw,cpu,cpuacct\n"
               "33 31 0:31 / /sys/fs/cgroup/cpuset rw,relatime - cgroup cgroup rw,cpuset\n"
               "35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory\n"
               "41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw\n");
    const std::string memory = "sys/fs/cgroup/memory/";
    tree.write(memory + "memory.limit_in_bytes", kUnlimited);
    tree.write(memory + "kubepods/memory.limit_in_bytes", "8589934592\n");
    tree.write(memory + "kubepods/pod1/memory.limit_in_bytes", "134217728\n");
    tree.write(memory + "kubepods/pod1/topd/memory.limit_in_bytes", "67108864\n");
    const std::string cpu = "sys/fs/cgroup/cpu,cpuacct/kubepods/pod1/topd/";
    tree.write(cpu + "cpu.cfs_quota_us", "75000\n");
    tree.write(cpu + "cpu.cfs_period_us", "50000\n");
    tree.write(cpu + "cpu.stat", "nr_periods 10\nnr_throttled 4\nthrottled_time 2000000003\n");
    const Cgroup cgroup{tree.root()};
    CHECK(cgroup.limits().memory_bytes == 64 * kMiB);
    CHECK(cgroup.limits().cpus == 1.5);
    REQUIRE(cgroup.throttling().has_value());
    CHECK(cgroup.throttling()->periods == 4);
    CHECK(cgroup.throttling()->time == 2000000003ns);
}

TEST_CASE("Version 1 in a container whose path is that of the host") {
    FileTree tree;
    tree.write("proc/self/cgroup", "3:memory:/docker/abc\n2:cpu:/docker/abc\n");
    SECTION("and whose mount shows that group") {
        tree.write("proc/self/mountinfo",
                   "35 31 0:32 /docker/abc /sys/fs/cgroup/memory ro master:1 - cgroup cgroup rw,memory\n");
    }
    SECTION("and whose mount does not tell") {
        tree.write("proc/self/mountinfo",
                   "35 31 0:32 / /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n");
    }
    SECTION("and whose mount shows another group") {
        tree.write("proc/self/mountinfo",
                   "35 31 0:32 /docker/a /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n");
    }
    tree.write("sys/fs/cgroup/memory/memory.limit_in_bytes", "67108864\n");
    // Not below the mount, and not of the group.
    tree.write("docker/abc/memory.limit_in_bytes", "1\n");
    tree.write("sys/fs/cgroup/memorybc/memory.limit_in_bytes", "1\n");
    const Cgroup cgroup{tree.root()};
    CHECK(cgroup.limits().memory_bytes == 64 * kMiB);
    CHECK(!cgroup.limits().cpus.has_value());
    CHECK(!cgroup.throttling().has_value());
}

TEST_CASE("A kernel may limit the CPU and not tell what it withheld") {
    FileTree tree;
    tree.write("proc/self/cgroup", "0::/\n");
    tree.write("proc/self/mountinfo", "35 24 0:30 / /cg rw - cgroup2 cgroup2 rw\n");
    tree.write("cg/cpu.max", "50000 100000\n");
    CHECK(!Cgroup{tree.root()}.throttling().has_value());
    tree.write("cg/cpu.stat", "usage_usec 1\nnr_throttled 5\n");
    const Cgroup cgroup{tree.root()};
    CHECK(cgroup.limits().cpus == 0.5);
    CHECK(!cgroup.throttling().has_value());
}

TEST_CASE("What cannot be made out is no limit") {
    struct Case {
        const char* name;
        std::string groups;
        std::string memory;
        std::string cpu;
        std::string stat;
    };
    const std::string own = "0::/a\n";
    const Case cases[] = {
        {"no files", own, "", "", ""},
        {"max", own, "max\n", "max 100000\n", "throttled_usec 1\n"},
        {"garbage", own, "12x\n", "50000\n", "throttled_usec\n"},
        {"negative", own, "-1\n", "-1 100000\n", "throttled_usec -5\n"},
        {"zero period", own, "99999999999999999999999999\n", "50000 0\n", ""},
        {"in no group", "", "1\n", "1 1\n", "throttled_usec 1\n"},
        {"lines without colons", "0\n0:\n:\n", "1\n", "1 1\n", "throttled_usec 1\n"},
        {"outside of the namespace", "0::/../a\n", "1\n", "1 1\n", "throttled_usec 1\n"},
    };
    for (const Case& c : cases) {
        DYNAMIC_SECTION(c.name) {
            FileTree tree;
            tree.write("proc/self/cgroup", c.groups);
            tree.write("proc/self/mountinfo", "- - -\n1\n35 24 0:30 / /cg rw - cgroup2 cgroup2 rw\n");
            tree.write("cg/a/memory.max", c.memory);
            tree.write("cg/a/cpu.max", c.cpu);
            tree.write("cg/a/cpu.stat", c.stat);
            // What "/../a" would lead to.
            tree.write("a/memory.max", c.memory);
            const Cgroup cgroup{tree.root()};
            CHECK(!cgroup.limits().memory_bytes.has_value());
            CHECK(!cgroup.limits().cpus.has_value());
            CHECK(!cgroup.throttling().has_value());
        }
    }
    CHECK(!Cgroup{"/nowhere"}.limits().memory_bytes.has_value());
}
