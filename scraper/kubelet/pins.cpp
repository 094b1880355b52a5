// SPDX-License-Identifier: Apache-2.0
#include "scraper/kubelet/pins.hpp"

#include "files/read.hpp"
#include "files/replace.hpp"
#include "kube/config/config.hpp"
#include "scraper/kubelet/failure.hpp"
#include "telemetry/log.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

#include <boost/asio/post.hpp>
#include <boost/system/errc.hpp>

namespace scraper {
namespace {

constexpr std::string_view kHeader =
    "# Keys of kubelets whose certificates no authority has signed, by the UIDs of their nodes.\n"
    "# To take another key for a node, delete its line while topd is stopped.\n";
constexpr std::string_view kAuthority = "authority";
constexpr std::string_view kSha256 = "sha256:";
constexpr std::size_t kKeyDigits = 64;
// So that kMaxPins lines stay below what read_file() takes.
constexpr std::size_t kMaxUidBytes = 64;
constexpr std::size_t kMaxNodeBytes = 63;

bool is_word(std::string_view text) {
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

bool is_uid(std::string_view text) {
    return is_word(text) && text.size() <= kMaxUidBytes && text.front() != '#';
}

bool is_value(std::string_view text) {
    if (text == kAuthority) return true;
    return text.starts_with(kSha256) && text.size() == kSha256.size() + kKeyDigits &&
           text.find_first_not_of("0123456789abcdef", kSha256.size()) == std::string_view::npos;
}

std::string_view take_word(std::string_view& line) {
    const std::size_t end = std::min(line.find(' '), line.size());
    const std::string_view word = line.substr(0, end);
    line.remove_prefix(std::min(end + 1, line.size()));
    return word;
}

}  // namespace

Pins::Pins(std::string path) : path_{std::move(path)} {
    const auto text = files::read(path_);
    if (text) read(*text);
    if (text || text.error() == boost::system::errc::no_such_file_or_directory) return;
    throw kube::ConfigError{"the pins of kubelets' keys: cannot read " + path_ + ": " +
                            text.error().message() + "; name another file by --kubelet-pin-file"};
}

Pins::~Pins() {
    if (thread_) thread_->join();
    if (!leaves_file_ && (changed_ || failed_)) write(text());
}

void Pins::read(std::string_view text) {
    std::size_t broken = 0;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (!line.empty() && line.front() != '#' && !read_line(line)) ++broken;
    }
    if (broken != 0)
        telemetry::warning("Left out broken lines of the pins of kubelets' keys, these nodes are taken anew",
                           {{"path", path_}, {"lines", broken}});
}

bool Pins::read_line(std::string_view line) {
    const std::string_view uid = take_word(line);
    const std::string_view value = take_word(line);
    if (!is_uid(uid) || !is_value(value) || (!line.empty() && !is_word(line))) return false;
    if (pins_.size() >= kMaxPins) return false;
    return pins_.emplace(uid, Pin{std::string{value}, std::string{line.substr(0, kMaxNodeBytes)}}).second;
}

net::Error Pins::check(std::string_view uid, std::string_view key, const net::Error& unknown) const {
    const auto at = pins_.find(uid);
    if (at == pins_.end()) return is_uid(uid) && !key.empty() && size() < kMaxPins ? net::Error{} : unknown;
    const std::string_view value = at->second.value;
    if (value == kAuthority) return Errc::left_authority;
    if (value.substr(kSha256.size()) != key) return Errc::key_changed;
    return {};
}

void Pins::learn(std::string_view uid, std::string_view key, std::string_view node) {
    if (!is_uid(uid)) return;
    std::string value{kAuthority};
    if (!key.empty()) value = std::string{kSha256}.append(key);
    auto at = pins_.find(uid);
    if (at == pins_.end()) {
        if (size() >= kMaxPins) return;
        at = pins_.emplace(uid, Pin{}).first;
        at->second.node = node.substr(0, kMaxNodeBytes);
        if (!key.empty())
            telemetry::info("Pinned the key of a kubelet on first use", {{"node", node}, {"key", value}});
    }
    if (at->second.value == value) return;
    at->second.value = std::move(value);
    changed_ = true;
}

std::string_view Pins::pinned(std::string_view uid) const {
    const auto at = pins_.find(uid);
    return at == pins_.end() ? std::string_view{} : at->second.value;
}

void Pins::keep_only(const std::function<bool(std::string_view)>& wanted) {
    if (std::erase_if(pins_, [&](const auto& pin) { return !wanted(pin.first); }) != 0) changed_ = true;
}

std::string Pins::text() const {
    std::string text{kHeader};
    for (const auto& [uid, pin] : pins_)
        text.append(uid).append(" ").append(pin.value).append(" ").append(pin.node).append("\n");
    return text;
}

void Pins::save() {
    if (leaves_file_ || writing_ || (!changed_ && !failed_)) return;
    if (!thread_) thread_ = std::make_unique<boost::asio::thread_pool>(1);
    changed_ = false;
    writing_ = true;
    boost::asio::post(*thread_, [this, now = text()] {
        write(now);
        writing_ = false;
    });
}

void Pins::write(const std::string& text) {
    const std::filesystem::path folder = std::filesystem::path{path_}.parent_path();
    std::error_code ignored;
    if (!folder.empty()) std::filesystem::create_directories(folder, ignored);
    const std::error_code error = files::replace(path_, text, 0600);
    const bool failed_before = failed_.exchange(static_cast<bool>(error));
    if (error && !failed_before)
        telemetry::error(
            "Failed to write the pins of kubelets' keys, a restart will take them anew; trying again",
            {{"err", error.message()}, {"path", path_}});
    if (!error && failed_before)
        telemetry::info("Writing the pins of kubelets' keys works again", {{"path", path_}});
}

}  // namespace scraper
