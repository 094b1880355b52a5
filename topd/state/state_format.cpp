// SPDX-License-Identifier: Apache-2.0
#include "topd/state/state_format.hpp"

#include "files/checked.hpp"

#include <algorithm>

namespace topd {
namespace {

constexpr std::string_view kMagic = "topdstat";
// The first byte is in no text.
constexpr std::string_view kMark = "\xf7TS1";
constexpr std::size_t kNumber = files::kNumberBytes;
constexpr std::size_t kHeadBytes = kMagic.size() + 2 * kNumber;
constexpr std::size_t kSectionHeadBytes = kMark.size() + 4 * kNumber;
constexpr std::uint32_t kEnd = 0;
constexpr std::size_t kPiece = 64 * 1024;

}  // namespace

std::string state_head() {
    std::string head{kMagic};
    files::put_number(head, kStateVersion);
    files::put_number(head, files::checksum(head));
    return head;
}

std::string state_section_head(std::uint32_t kind, std::string_view bytes) {
    std::string head{kMark};
    files::put_number(head, kind);
    files::put_number(head, static_cast<std::uint32_t>(bytes.size()));
    files::put_number(head, files::checksum(bytes));
    files::put_number(head, files::checksum(head));
    return head;
}

std::string state_end(std::uint32_t sections) {
    std::string count;
    files::put_number(count, sections);
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
        if (files::checksum(bytes) != found->checksum) {
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
    const std::uint32_t version = files::number_at(bytes, kMagic.size());
    // The mark of sections tells the version, too.
    if (!files::is_sound(bytes)) damaged("its head is damaged");
    if (files::is_sound(bytes) && version != kStateVersion) {
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
    if (!bytes.starts_with(kMark) || !files::is_sound(bytes)) return std::nullopt;
    const std::size_t at = kMark.size();
    const Head head{files::number_at(bytes, at), files::number_at(bytes, at + kNumber),
                    files::number_at(bytes, at + 2 * kNumber)};
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
    if (bytes.size() != kNumber || files::number_at(bytes, 0) != sections_)
        damaged("sections of it are missing");
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
