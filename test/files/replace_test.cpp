// SPDX-License-Identifier: Apache-2.0
#include "files/replace.hpp"

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include <catch2/catch.hpp>

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

namespace fs = std::filesystem;

namespace {

struct Folder {
    Folder() {
        std::string name = (fs::temp_directory_path() / "topd-files-XXXXXX").string();
        path = ::mkdtemp(name.data());
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() { fs::remove_all(path); }

    std::string operator/(const char* name) const { return path / name; }
    void write(const char* name, const std::string& text) const { std::ofstream{path / name} << text; }
    std::string text(const char* name) const {
        std::ostringstream all;
        all << std::ifstream{path / name}.rdbuf();
        return all.str();
    }
    std::set<std::string> names() const {
        std::set<std::string> found;
        for (const fs::directory_entry& entry : fs::directory_iterator{path})
            found.insert(entry.path().filename());
        return found;
    }
    mode_t mode(const char* name) const {
        struct stat status {};
        ::lstat((path / name).c_str(), &status);
        return status.st_mode & 07777;
    }

    fs::path path;
};

using Names = std::set<std::string>;

}  // namespace

TEST_CASE("a file is made and replaced with its mode, and nothing is left beside it") {
    const Folder folder;
    for (const std::string& text : {std::string{"one"}, std::string(200'000, 'x'), std::string{}}) {
        CHECK(!files::replace(folder / "key", text, 0600));
        CHECK(folder.text("key") == text);
        CHECK(folder.mode("key") == 0600);
    }
    CHECK(!files::replace(folder / "key", "public", 0644));
    CHECK(folder.mode("key") == 0644);
    CHECK(folder.names() == Names{"key"});
}

TEST_CASE("what somebody put beside the file is neither followed nor used") {
    const Folder folder;
    folder.write("other", "somebody's");
    SECTION("a symbolic link") {
        fs::create_symlink(folder / "other", folder / "key.new");
    }
    SECTION("a hard link") {
        fs::create_hard_link(folder / "other", folder / "key.new");
    }
    SECTION("a file") {
        folder.write("key.new", "somebody's");
    }
    // Opened before, it would read what is written to it.
    const int held = ::open((folder / "key.new").c_str(), O_RDONLY | O_CLOEXEC);
    REQUIRE(held >= 0);
    CHECK(!files::replace(folder / "key", "secret", 0600));
    CHECK(folder.text("key") == "secret");
    CHECK(folder.text("other") == "somebody's");
    CHECK(folder.text("key.new") == "somebody's");
    char seen[32] = {};
    CHECK(std::string(seen, static_cast<std::size_t>(::read(held, seen, sizeof seen))) == "somebody's");
    ::close(held);
    CHECK(folder.names() == Names{"key", "key.new", "other"});
}

TEST_CASE("who holds the old file, or is linked to it, does not see the new text") {
    const Folder folder;
    folder.write("old", "old");
    SECTION("a symbolic link in its place") {
        fs::create_symlink(folder / "old", folder / "key");
    }
    SECTION("a hard link in its place") {
        fs::create_hard_link(folder / "old", folder / "key");
    }
    const int held = ::open((folder / "key").c_str(), O_RDONLY | O_CLOEXEC);
    REQUIRE(held >= 0);
    CHECK(!files::replace(folder / "key", "secret", 0600));
    CHECK(folder.text("key") == "secret");
    CHECK(folder.text("old") == "old");
    char seen[32] = {};
    CHECK(::read(held, seen, sizeof seen) == 3);
    ::close(held);
}

TEST_CASE("what cannot be replaced stays as it was, and it is said why") {
    const Folder folder;
    fs::create_directories(folder / "key/inside");
    CHECK(files::replace(folder / "key", "x", 0600) == std::errc::is_a_directory);
    CHECK(files::replace(folder / "none/key", "x", 0600) == std::errc::no_such_file_or_directory);
    CHECK(folder.names() == Names{"key"});
}
