// SPDX-License-Identifier: Apache-2.0
#include "topd/state/state_format.hpp"

#include <algorithm>

#include <zlib.h>

namespace topd {
namespace {

constexpr std::string_view kMagic = "topdstat";
// The first byte is in no text.
constexpr std::string_view kMark = "\xf7TS1";
constexpr std::size_t kNumber = 4;
constexpr std::size_t kHeadBytes = kMagic.size() + 2 * kNumber;
constexpr std::size_t kSectionHeadBytes = kMark.size() + 4 * kNumber;
constexpr std::uint32_t kEnd = 0;
constexpr std::size_t kPiece = 64 * 1024;

std::uint32_t checksum(std::string_view bytes) {
    return static_cast<std::uint32_t>(
        ::crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

void put(std::string& to, std::uint32_t number) {
    for (unsigned shift = 0; shift < 32; shift += 8) to += static_cast<char>(number >> shift & 0xff);
}

// REQUIRES: four bytes are there.
std::uint32_t number_at(std::string_view bytes, std::size_t at) {
    std::uint32_t number = 0;
    for (std::size_t i = kNumber; i-- > 0;) number = number << 8 | static_cast<unsigned char>(bytes[at + i]);
    return number;
}

// Whether the last number is the checksum of what is before it.
bool is_sound(std::string_view bytes) {
    const std::size_t size = bytes.size() - kNumber;
    return number_at(bytes, size) == checksum(bytes.substr(0, size));
}

}  // namespace

std::string state_head() {
    std::string head{kMagic};
    put(head, kStateVersion);
    put(head, checksum(head));
    return head;
}

std::string state_section_head(std::uint32_t kind, std::string_view bytes) {
    std::string head{kMark};
    put(head, kind);
    put(head, static_cast<std::uint32_t>(bytes.size()));
    put(head, checksum(bytes));
    put(head, checksum(head));
    return head;
}

std::string state_end(std::uint32_t sections) {
    std::string count;
    put(count, sections);
    return state_section_head(kEnd, count) + count;
}

std::optional<StateReader::Item> StateReader::next() {
    if (!opened_) {
        opened_ = true;
        done_ = !open();
    }
    while (!done_) {
        const std::optional<Head> found = head();
        if (!found) {
            if (!have(1)) {
                damaged("it is cut off");
                break;
            }
            damaged("a part of it is damaged");
            if (!find_head()) break;
            continue;
        }
        if (!have(kSectionHeadBytes + found->length)) {
            damaged("it is cut off");
            break;
        }
        const std::string_view bytes = ahead().substr(kSectionHeadBytes, found->length);
        if (checksum(bytes) != found->checksum) {
            damaged("a section of it is damaged");
            if (!find_head()) break;
            continue;
        }
        at_ += kSectionHeadBytes + found->length;
        if (found->kind == kEnd) {
            end(bytes);
            break;
        }
        ++sections_;
        return Item{found->kind, bytes};
    }
    done_ = true;
    return std::nullopt;
}

bool StateReader::open() {
    if (!have(kHeadBytes)) {
        const std::string_view magic = ahead().substr(0, kMagic.size());
        const bool ours = !magic.empty() && kMagic.starts_with(magic);
        verdict_ = ours ? Verdict::damaged : Verdict::foreign;
        reason_ = ours ? "it is cut off" : buffer_.empty() ? "it is empty" : "it is not a state file of topd";
        return false;
    }
    const std::string_view bytes = ahead().substr(0, kHeadBytes);
    if (!bytes.starts_with(kMagic)) {
        verdict_ = Verdict::foreign;
        reason_ = "it is not a state file of topd";
        return false;
    }
    const std::uint32_t version = number_at(bytes, kMagic.size());
    // The mark of sections tells the version, too.
    if (!is_sound(bytes)) damaged("its head is damaged");
    if (is_sound(bytes) && version != kStateVersion) {
        verdict_ = Verdict::future;
        reason_ = "it is of version " + std::to_string(version) + ", this topd knows version " +
                  std::to_string(kStateVersion);
        return false;
    }
    at_ += kHeadBytes;
    return true;
}

std::optional<StateReader::Head> StateReader::head() {
    if (!have(kSectionHeadBytes)) return std::nullopt;
    const std::string_view bytes = ahead().substr(0, kSectionHeadBytes);
    if (!bytes.starts_with(kMark) || !is_sound(bytes)) return std::nullopt;
    const std::size_t at = kMark.size();
    const Head head{number_at(bytes, at), number_at(bytes, at + kNumber), number_at(bytes, at + 2 * kNumber)};
    if (head.length > storage::snapshot::kMostSectionBytes) return std::nullopt;
    return head;
}

bool StateReader::find_head() {
    ++at_;
    while (have(kSectionHeadBytes)) {
        const std::size_t found = buffer_.find(kMark.front(), at_);
        at_ = std::min(found, buffer_.size());
        if (found == std::string::npos) continue;
        if (head()) return true;
        ++at_;
    }
    return false;
}

void StateReader::end(std::string_view bytes) {
    if (bytes.size() != kNumber || number_at(bytes, 0) != sections_) damaged("sections of it are missing");
    if (have(1)) damaged("something follows its end");
}

// The first reason says most.
void StateReader::damaged(std::string_view reason) {
    verdict_ = Verdict::damaged;
    if (reason_.empty()) reason_ = reason;
}

bool StateReader::have(std::size_t bytes) {
    while (buffer_.size() - at_ < bytes && !read_all_) {
        // What was read is let go of.
        buffer_.erase(0, at_);
        at_ = 0;
        const std::size_t before = buffer_.size();
        buffer_.resize(before + kPiece);
        const std::size_t got = read_(buffer_.data() + before, kPiece);
        buffer_.resize(before + std::min(got, kPiece));
        read_all_ = got == 0;
    }
    return buffer_.size() - at_ >= bytes;
}

}  // namespace topd
