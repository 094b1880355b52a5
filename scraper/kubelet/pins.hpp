// SPDX-License-Identifier: Apache-2.0
// Which key each node's kubelet has shown, where no authority vouches for it: taken on first use and asked
// for from then on (docs/decisions/0010-kubelet-certificates.md).
#pragma once

#include "net/error.hpp"

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include <boost/asio/thread_pool.hpp>

namespace scraper {

// Kept in a file: a line for each node, "UID sha256:KEY NODE", or "UID authority NODE" for a node that has
// shown a certificate of the authority's, which takes no self-signed one after that. A node is its UID: one
// that is made anew is taken anew.
class Pins {
  public:
    static constexpr std::size_t kMaxPins = 20'000;

    // Reads the file if it is there; each line that is broken is left out, and their number logged. Throws
    // kube::ConfigError when it cannot be read: all nodes would be taken anew, whoever answers.
    explicit Pins(std::string path);
    // Writes what was not written yet.
    ~Pins();
    Pins(const Pins&) = delete;
    Pins& operator=(const Pins&) = delete;

    // Whether a self-signed certificate with this key (the SHA-256 of its SubjectPublicKeyInfo, hex) may be
    // taken for the node's: no error, Errc::key_changed or Errc::left_authority. `unknown` is the error for a
    // node that can have no pin: it has no proper UID, or there are kMaxPins.
    net::Error check(std::string_view uid, std::string_view key, const net::Error& unknown) const;
    // What the node has proven to hold: a key, or (empty) a certificate of the authority's.
    void learn(std::string_view uid, std::string_view key, std::string_view node);
    // "sha256:..." or "authority"; empty: none.
    std::string_view pinned(std::string_view uid) const;

    void keep_only(const std::function<bool(std::string_view uid)>& wanted);
    std::size_t size() const { return pins_.size(); }

    // Hands what has changed to a thread that replaces the file, unless it is still at it. Call it now and
    // then.
    void save();
    // From now on the file is left as it is.
    void leave_file() { leaves_file_ = true; }

  private:
    struct Pin {
        // As in the file.
        std::string value;
        std::string node;
    };
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };

    void read(std::string_view text);
    bool read_line(std::string_view line);
    std::string text() const;
    void write(const std::string& text);

    std::string path_;
    std::unordered_map<std::string, Pin, Hash, std::equal_to<>> pins_;
    bool changed_ = false;
    bool leaves_file_ = false;
    // Shared with the thread.
    std::atomic<bool> writing_ = false;
    std::atomic<bool> failed_ = false;
    std::unique_ptr<boost::asio::thread_pool> thread_;
};

}  // namespace scraper
