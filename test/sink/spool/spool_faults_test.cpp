// SPDX-License-Identifier: Apache-2.0
// A spool whose folder does not do what it should.
#include "sink/spool/spool.hpp"
#include "test/sink/spool/spool_lab.hpp"
#include "test/topd/captured_log.hpp"

#include <iostream>

#include <catch2/catch.hpp>

#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

namespace sink::spool {
namespace {

// A small file system at the folder of spools; what needs one is skipped, loudly, if it may not be made.
class SmallDisk {
  public:
    SmallDisk(const SpoolLab& lab, const char* size) : place_{lab.files.root() + "/spool"} {
        std::filesystem::create_directories(place_);
        is_there_ = ::mount("tmpfs", place_.c_str(), "tmpfs", 0, (std::string{"size="} + size).c_str()) == 0;
        if (!is_there_) std::cerr << "SKIPPED: a full disk cannot be tried, mount() is not allowed here\n";
    }
    ~SmallDisk() {
        if (is_there_) ::umount2(place_.c_str(), MNT_DETACH);
    }
    SmallDisk(const SmallDisk&) = delete;
    SmallDisk& operator=(const SmallDisk&) = delete;

    bool is_there() const { return is_there_; }
    const std::string& place() const { return place_; }
    void make(unsigned long flags) const {
        REQUIRE(::mount("tmpfs", place_.c_str(), "tmpfs", MS_REMOUNT | flags, nullptr) == 0);
    }

  private:
    std::string place_;
    bool is_there_;
};

constexpr std::size_t kBody = 10'000;

}  // namespace

TEST_CASE("While the disk is full a spool keeps batches in memory, gives them, and writes them later") {
    const SpoolLab lab;
    const SmallDisk disk{lab, "256k"};
    if (!disk.is_there()) return;
    test::CapturedLog log;
    {
        Spool spool{lab.options()};
        REQUIRE(spool.open().empty());
        push_tick(spool, 15, 2, kBody);
        const std::string filler = disk.place() + "/filler";
        std::ofstream{filler} << std::string(230'000, 'x');
        push_tick(spool, 30, 2, kBody);
        push_tick(spool, 45, 2, kBody);
        push_tick(spool, 60, 2, kBody);
        // The first batch, then once a tick.
        CHECK(spool.waiting().failures == 4);
        CHECK(spool.waiting().batches == 8);
        CHECK(spool.waiting().dropped == 0);
        CHECK(spool.newest_tick() == 60);
        // What is on the disk first, then half a tick of what is not.
        for (const char* name : {"15/0", "15/1", "30/0"}) {
            REQUIRE(name_of(*spool.front()) == name);
            spool.pop();
        }
        CHECK(name_of(*spool.front()) == "30/1");
        std::filesystem::remove(filler);
        push_tick(spool, 75, 2, kBody);
        CHECK(spool.waiting().failures == 4);
        // It was written meanwhile, and is what was given.
        spool.pop();
        CHECK(name_of(*spool.front()) == "45/0");
        // Killed.
    }
    Spool spool{lab.options()};
    spool.open();
    CHECK(spool.newest_tick() == 75);
    // Of the second tick only what was not sent when it was written. The first was remembered with its
    // segment.
    CHECK(drain(spool) == "30/1 45/0 45/1 60/0 60/1 75/0 75/1");
    CHECK(spool.waiting().failures == 0);
    const std::vector<std::string> lines = log.lines();
    REQUIRE(lines.size() == 3);
    CHECK(lines[0].find("Cannot write to the spool") != std::string::npos);
    CHECK(lines[0].find("No space left on device") != std::string::npos);
    CHECK(lines[1].find("Writing to the spool works again") != std::string::npos);
}

TEST_CASE("A tick that was partly sent from memory is told anew after a restart, as the rest of it is lost") {
    const SpoolLab lab;
    const SmallDisk disk{lab, "64k"};
    if (!disk.is_there()) return;
    {
        Spool spool{lab.options()};
        spool.open();
        push_tick(spool, 15, 2, kBody);
        push_tick(spool, 30, 2, 30'000);
        push_tick(spool, 45, 2, 30'000);
        for (const char* name : {"15/0", "15/1", "30/0", "30/1", "45/0"}) {
            REQUIRE(name_of(*spool.front()) == name);
            spool.pop();
        }
        spool.close();
    }
    Spool spool{lab.options()};
    spool.open();
    CHECK(spool.newest_tick() == 30);
}

TEST_CASE("What a full disk keeps in memory is bounded, and what is over is dropped to the point") {
    const SpoolLab lab;
    const SmallDisk disk{lab, "64k"};
    if (!disk.is_there()) return;
    SpoolOptions options = lab.options();
    options.most_held_bytes = 100'000;
    Spool spool{options};
    spool.open();
    for (Seconds tick = 15; tick <= 450; tick += 15) {
        push_tick(spool, tick, 2, kBody);
        REQUIRE(spool.waiting().points + spool.waiting().dropped ==
                std::uint64_t{14} * static_cast<std::uint64_t>(tick / 15));
        REQUIRE(spool.waiting().bytes < 64 * 1024 + options.most_held_bytes);
    }
    CHECK(spool.waiting().failures > 20);
    CHECK(spool.waiting().dropped > 14 * 20);
    // Four are in memory; what is older on the disk is there, too.
    const std::string given = drain(spool);
    CHECK(given.starts_with("15/0 15/1 30/0"));
    CHECK(given.ends_with("405/0 405/1 420/0 420/1 435/0 435/1 450/0 450/1"));
}

TEST_CASE("A spool on a read-only disk goes on in memory, and takes the folder when it can be written") {
    const SpoolLab lab;
    const SmallDisk disk{lab, "1m"};
    if (!disk.is_there()) return;
    {
        Spool spool{lab.options()};
        spool.open();
        push_tick(spool, 15);
    }
    disk.make(MS_RDONLY);
    Spool spool{lab.options()};
    CHECK(spool.open() == "cannot use the spool in " + lab.folder() + ": Read-only file system");
    push_tick(spool, 30);
    CHECK(spool.waiting().failures == 2);
    CHECK(name_of(*spool.front()) == "30/0");
    disk.make(0);
    push_tick(spool, 45);
    CHECK(spool.waiting().failures == 2);
    CHECK(drain(spool) == "15/0 15/1 30/0 30/1 45/0 45/1");
    CHECK(spool.waiting().dropped == 0);
}

TEST_CASE("A spool whose folder gave way to something else goes on in memory") {
    const SpoolLab lab;
    Spool spool{lab.options()};
    spool.open();
    push_tick(spool, 15);
    lab.clear();
    std::ofstream{lab.folder()} << "in the way";
    push_tick(spool, 30);
    push_tick(spool, 45);
    CHECK(spool.waiting().failures == 2);
    CHECK(drain(spool) == "30/0 30/1 45/0 45/1");
    CHECK(spool.waiting().dropped == 14);
    // Reading, and writing down that this was done with.
    CHECK(spool.waiting().failures > 2);
}

TEST_CASE("A spool whose folder was removed makes it anew, and loses what was in it, counted") {
    const SpoolLab lab;
    test::CapturedLog log;
    {
        Spool spool{lab.options()};
        spool.open();
        push_tick(spool, 15);
        push_tick(spool, 30);
        lab.clear();
        // The file is open, and takes what nobody can ever read.
        push_tick(spool, 45);
        CHECK(spool.waiting().failures == 1);
        push_tick(spool, 60);
        CHECK(spool.waiting().failures == 1);
        // Two ticks are gone.
        CHECK(drain(spool) == "45/0 45/1 60/0 60/1");
        CHECK(spool.waiting().dropped == 28);
        spool.close();
        push_tick(spool, 75);
        // It is this process's again.
        Spool other{lab.options()};
        CHECK(other.open().find("another process") != std::string::npos);
    }
    Spool spool{lab.options()};
    CHECK(spool.open().empty());
    CHECK(drain(spool) == "75/0 75/1");
}

TEST_CASE("A spool that another process has is refused, goes on in memory, and is taken when it is free") {
    const SpoolLab lab;
    int ready[2];
    int leave[2];
    REQUIRE(::pipe(ready) == 0);
    REQUIRE(::pipe(leave) == 0);
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    char byte = 0;
    if (child == 0) {
        Spool spool{lab.options()};
        spool.open();
        push_tick(spool, 15);
        static_cast<void>(::write(ready[1], "x", 1) + ::read(leave[0], &byte, 1));
        ::_exit(0);
    }
    REQUIRE(::read(ready[0], &byte, 1) == 1);
    Spool spool{lab.options()};
    CHECK(spool.open() == "another process uses the spool in " + lab.folder() +
                              ": give each a folder of its own (--sink-spool-dir)");
    push_tick(spool, 30);
    CHECK(spool.waiting().failures == 2);
    CHECK(lab.segments().size() == 1);
    REQUIRE(::write(leave[1], "x", 1) == 1);
    REQUIRE(::waitpid(child, nullptr, 0) == child);
    push_tick(spool, 45);
    CHECK(drain(spool) == "15/0 15/1 30/0 30/1 45/0 45/1");
    CHECK(spool.waiting().dropped == 0);
    for (const int end : {ready[0], ready[1], leave[0], leave[1]}) ::close(end);
}

TEST_CASE("A folder that cannot be made is named, and taken when it can") {
    const SpoolLab lab;
    lab.files.write("spool", "in the way");
    Spool spool{lab.options()};
    CHECK(spool.open().starts_with("cannot use the spool in " + lab.folder()));
    push_tick(spool, 15);
    CHECK(spool.waiting().failures == 2);
    CHECK(spool.newest_tick() == 15);
    lab.files.remove("spool");
    push_tick(spool, 30);
    CHECK(lab.segments().size() == 1);
    CHECK(drain(spool) == "15/0 15/1 30/0 30/1");
}

}  // namespace sink::spool
