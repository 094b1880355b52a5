// SPDX-License-Identifier: Apache-2.0
// A folder that goes with the test.
#pragma once

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

#include <stdlib.h>

namespace kube::test {

class TemporaryFolder {
  public:
    TemporaryFolder() {
        std::string pattern = (std::filesystem::temp_directory_path() / "topd-kube-XXXXXX").string();
        if (!mkdtemp(pattern.data())) throw std::runtime_error{"mkdtemp failed"};
        path_ = pattern;
    }
    ~TemporaryFolder() { std::filesystem::remove_all(path_); }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    const std::string& path() const { return path_; }

    // Writes the file, and returns its full path.
    std::string write(const std::string& name, const std::string& text) const {
        const std::string file = path_ + "/" + name;
        std::filesystem::create_directories(std::filesystem::path{file}.parent_path());
        std::ofstream{file} << text;
        return file;
    }

  private:
    std::string path_;
};

}  // namespace kube::test
