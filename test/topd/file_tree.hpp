// SPDX-License-Identifier: Apache-2.0
// A folder of a test's own, gone with it.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>

#include <unistd.h>

namespace test {

class FileTree {
  public:
    FileTree() {
        std::string name = (std::filesystem::temp_directory_path() / "topd-test-XXXXXX").string();
        root_ = ::mkdtemp(name.data());
    }
    FileTree(const FileTree&) = delete;
    FileTree& operator=(const FileTree&) = delete;
    ~FileTree() { std::filesystem::remove_all(root_); }

    std::string root() const { return root_; }
    // `path` without a slash in front; the whole one is returned. Nothing is written for an empty text, but
    // its folder is.
    std::string write(const std::string& path, const std::string& text) const {
        const std::filesystem::path file = root_ / path;
        std::filesystem::create_directories(file.parent_path());
        if (!text.empty()) std::ofstream{file} << text;
        return file;
    }
    void remove(const std::string& path) const { std::filesystem::remove(root_ / path); }

  private:
    std::filesystem::path root_;
};

}  // namespace test
