// SPDX-License-Identifier: Apache-2.0
#include "scraper/kubelet/pins.hpp"

#include "kube/config/config.hpp"
#include "scraper/kubelet/failure.hpp"
#include "telemetry/log_queue.hpp"
#include "test/topd/file_tree.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <future>
#include <sstream>

#include <catch2/catch.hpp>

#include <sys/stat.h>

namespace fs = std::filesystem;
using scraper::Errc;
using scraper::Pins;

namespace {

struct Folder {
    std::string file() const { return files.root() + "/made/pins"; }
    void write(const std::string& text) const { files.write("made/pins", text); }
    std::string text() const {
        std::ostringstream all;
        all << std::ifstream{file()}.rdbuf();
        return all.str();
    }

    test::FileTree files;
};

const std::string kA(64, 'a');
const std::string kB(64, 'b');
// For a node that cannot have a pin.
const net::Error kUnknown = net::make_error_code(net::Errc::no_certificate);

}  // namespace

TEST_CASE("a key is taken on first use and asked for from then on") {
    const Folder folder;
    Pins pins{folder.file()};
    CHECK(!pins.check("uid-1", kA, kUnknown));
    // Until it is learnt nothing is known.
    CHECK(!pins.check("uid-1", kB, kUnknown));
    pins.learn("uid-1", kA, "n1");
    CHECK(!pins.check("uid-1", kA, kUnknown));
    CHECK(pins.check("uid-1", kB, kUnknown) == Errc::key_changed);
    CHECK(pins.pinned("uid-1") == "sha256:" + kA);
    // Another UID is another node.
    CHECK(!pins.check("uid-2", kB, kUnknown));
}

TEST_CASE("a node that has shown a certificate of the authority's takes no self-signed one") {
    const Folder folder;
    Pins pins{folder.file()};
    pins.learn("uid-1", kA, "n1");
    pins.learn("uid-1", "", "n1");
    CHECK(pins.check("uid-1", kA, kUnknown) == Errc::left_authority);
    CHECK(pins.pinned("uid-1") == "authority");
}

TEST_CASE("pins outlive the process") {
    const Folder folder;
    {
        Pins pins{folder.file()};
        pins.learn("uid-1", kA, "n1");
        pins.learn("uid-2", "", "n2");
    }
    CHECK_THAT(folder.text(), Catch::Contains("\nuid-1 sha256:" + kA + " n1\n"));
    CHECK_THAT(folder.text(), Catch::Contains("\nuid-2 authority n2\n"));
    struct stat about {};
    REQUIRE(::stat(folder.file().c_str(), &about) == 0);
    CHECK((about.st_mode & 0777) == 0600);
    const Pins again{folder.file()};
    CHECK(again.size() == 2);
    CHECK(again.check("uid-1", kB, kUnknown) == Errc::key_changed);
    CHECK(again.check("uid-2", kA, kUnknown) == Errc::left_authority);
}

TEST_CASE("saving replaces the file and leaves nothing else behind") {
    const Folder folder;
    {
        Pins pins{folder.file()};
        pins.learn("uid-1", kA, "n1");
        pins.save();
        pins.save();
    }
    CHECK_THAT(folder.text(), Catch::Contains("uid-1"));
    CHECK(std::distance(fs::directory_iterator{folder.files.root() + "/made"}, {}) == 1);
}

TEST_CASE("pins of nodes that are gone are dropped") {
    const Folder folder;
    {
        Pins pins{folder.file()};
        pins.learn("uid-1", kA, "n1");
        pins.learn("uid-2", kB, "n2");
        pins.keep_only([](std::string_view uid) { return uid == "uid-2"; });
        CHECK(pins.size() == 1);
        CHECK(!pins.check("uid-1", kB, kUnknown));
    }
    CHECK_THAT(folder.text(), !Catch::Contains("uid-1"));
}

TEST_CASE("a broken line costs that line") {
    const Folder folder;
    const std::string good = "uid-1 sha256:" + kA + " n1\n";
    struct Case {
        const char* name;
        std::string line;
        std::size_t pins;
    };
    const Case cases[] = {
        {"none", "", 2},
        {"an empty line", "\n", 2},
        {"a comment", "# sha256:x\n", 2},
        {"no key", "uid-2\n", 2},
        {"a key that is too short", "uid-2 sha256:" + kA.substr(1) + " n2\n", 2},
        {"capitals", "uid-2 sha256:" + std::string(64, 'A') + " n2\n", 2},
        {"another hash", "uid-2 sha1:" + kA + " n2\n", 2},
        {"a control character", "uid-2 sha256:" + kA + " n\x01\n", 2},
        {"too much", "uid-2 sha256:" + kA + " n2 x\n", 2},
        {"an endless UID", std::string(65, 'u') + " sha256:" + kA + " n2\n", 2},
        {"a second line of one node", "uid-1 sha256:" + kB + " n1\n", 2},
        {"zeros", std::string(3, '\0') + "\n", 2},
        {"no node's name", "uid-2 sha256:" + kA + "\n", 3},
    };
    for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
            folder.write("# pins\n" + good + c.line + "uid-3 authority n3");
            const Pins pins{folder.file()};
            CHECK(pins.size() == c.pins);
            CHECK(!pins.check("uid-1", kA, kUnknown));
            CHECK(pins.check("uid-3", kA, kUnknown) == Errc::left_authority);
        }
}

TEST_CASE("a file that cannot be read ends the start: else every key would be a first one") {
    const Folder folder;
    fs::create_directories(folder.file());
    CHECK_THROWS_AS(Pins{folder.file()}, kube::ConfigError);
}

TEST_CASE("there are no pins without a proper UID, and none of no key") {
    const Folder folder;
    Pins pins{folder.file()};
    for (const std::string& uid :
         {std::string{}, std::string{"a b"}, std::string{"#1"}, std::string(65, 'u')}) {
        CAPTURE(uid);
        CHECK(pins.check(uid, kA, kUnknown) == kUnknown);
        pins.learn(uid, kA, "n1");
        CHECK(pins.size() == 0);
    }
    CHECK(pins.check("uid-1", "", kUnknown) == kUnknown);
    pins.learn(std::string(64, 'u'), kA, "n1");
    CHECK(pins.size() == 1);
}

TEST_CASE("of a node's name the file holds what tells people which it is") {
    const Folder folder;
    const std::string name(253, 'n');
    folder.write("uid-1 sha256:" + kA + " " + name + "\n");
    {
        Pins pins{folder.file()};
        pins.learn("uid-2", kB, name);
    }
    for (const std::string& line : {"uid-1 sha256:" + kA, "uid-2 sha256:" + kB})
        CHECK_THAT(folder.text(), Catch::Contains(line + " " + name.substr(0, 63) + "\n"));
}

TEST_CASE("pins that could not be written are written at the end") {
    const Folder folder;
    std::promise<void> failed;
    std::vector<std::string> lines;
    telemetry::LogEnds ends;
    ends.write = [&](std::string_view line) {
        lines.emplace_back(line);
        if (lines.size() == 1) failed.set_value();
    };
    {
        Pins pins{folder.file()};
        // Where the folder of the file should be.
        std::ofstream{folder.files.root() + "/made"} << "in the way";
        pins.learn("uid-1", "", "n1");
        telemetry::init({}, std::move(ends));
        pins.save();
        const auto waited = failed.get_future().wait_for(std::chrono::seconds{30});
        folder.files.remove("made");
        CHECK(waited == std::future_status::ready);
    }
    telemetry::shutdown();
    CHECK_THAT(folder.text(), Catch::Contains("uid-1 authority"));
    REQUIRE(lines.size() == 2);
    CHECK_THAT(lines[0], Catch::Contains("\"Failed to write the pins of kubelets' keys, a restart will take "
                                         "them anew; trying again\" err=\"Not a directory\""));
    CHECK_THAT(lines[1], Catch::Contains("\"Writing the pins of kubelets' keys works again\""));
}

TEST_CASE("of endless pins those that fit count, and their file can be read again") {
    const Folder folder;
    const auto uid = [](std::size_t i) { return std::string(58, 'u') + std::to_string(100'000 + i); };
    std::string lines;
    for (std::size_t i = 0; i < Pins::kMaxPins + 10; ++i)
        lines += uid(i) + " sha256:" + kA + " " + std::string(63, 'n') + "\n";
    folder.write(lines);
    {
        Pins pins{folder.file()};
        REQUIRE(pins.size() == Pins::kMaxPins);
        CHECK(pins.check(uid(Pins::kMaxPins), kA, kUnknown) == kUnknown);
        CHECK(pins.check(uid(7), kB, kUnknown) == Errc::key_changed);
        pins.learn(uid(Pins::kMaxPins), kA, "n");
        CHECK(pins.size() == Pins::kMaxPins);
        pins.learn(uid(7), "", "n");
    }
    const Pins again{folder.file()};
    CHECK(again.size() == Pins::kMaxPins);
    CHECK(again.check(uid(7), kA, kUnknown) == Errc::left_authority);
}

TEST_CASE("what somebody put beside the file of pins is not written to") {
    const Folder folder;
    folder.write("");
    std::ofstream{folder.files.root() + "/theirs"} << "theirs";
    fs::create_symlink(folder.files.root() + "/theirs", folder.file() + ".new");
    {
        Pins pins{folder.file()};
        pins.learn("uid-1", kA, "n1");
    }
    CHECK_THAT(folder.text(), Catch::Contains("uid-1 sha256:" + kA));
    CHECK(fs::is_symlink(folder.file() + ".new"));
    CHECK(fs::file_size(folder.files.root() + "/theirs") == 6);
}
