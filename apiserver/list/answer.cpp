// SPDX-License-Identifier: Apache-2.0
#include "apiserver/list/answer.hpp"

#include "apiserver/answer.hpp"
#include "apiserver/encode/json_indent.hpp"
#include "apiserver/list/encoding.hpp"
#include "apiserver/representation/format.hpp"
#include "apiserver/representation/piece_size.hpp"
#include "net/yield.hpp"

#include <memory>
#include <optional>
#include <utility>

namespace apiserver {
namespace {

// A list that may have to be compressed is held back up to the threshold, and a piece.
constexpr std::size_t kHeldBack = kGzipThreshold + kPieceBytes;

// A list that is encoded as it is sent.
class StreamedItems {
  public:
    StreamedItems(ListWalk walk, const Format& format, bool pretty)
        : walk_{std::move(walk)},
          piece_bytes_{format.piece_bytes},
          pretty_{format.indents && pretty},
          ends_line_{format.indents && !pretty} {}

    // Appends the next piece, never an empty one. False: that was the last.
    net::Task<bool> next(std::string& out) {
        // The head is made after its first row, and indentation is another copy: else rows go straight out.
        const bool direct = begun_ && !pretty_;
        std::string piece;
        std::string& rows = direct ? out : piece;
        const bool more = co_await append_rows(rows);
        if (!begun_) {
            begun_ = true;
            std::string head;
            walk_.encoder().list_head(head, 0);
            put(out, head);
        }
        if (!more) {
            walk_.encoder().list_tail(rows);
            if (ends_line_) rows.push_back('\n');
        }
        if (!direct) put(out, rows);
        co_return more;
    }

  private:
    net::Task<bool> append_rows(std::string& rows) {
        const std::size_t from = rows.size();
        for (;;) {
            const bool more = walk_.advance(rows, from + piece_bytes_);
            if (!more) co_return false;
            if (rows.size() - from >= piece_bytes_ / 2) co_return true;
            co_await net::yield();
        }
    }

    void put(std::string& out, std::string_view text) {
        if (pretty_)
            indenter_.append(out, text);
        else
            out.append(text);
    }

    ListWalk walk_;
    std::size_t piece_bytes_;
    bool pretty_;
    bool ends_line_;
    bool begun_ = false;
    JsonIndenter indenter_;
};

class StreamedBody final : public net::BodySource {
  public:
    explicit StreamedBody(StreamedItems items) : items_{std::move(items)} {}

    net::Task<net::Result<net::Piece>> next(std::string& out) override {
        co_await net::yield();
        const bool more = co_await items_.next(out);
        co_return more ? net::Piece::more : net::Piece::last;
    }

  private:
    StreamedItems items_;
};

net::Response ok(MediaType type) {
    net::Response response;
    response.headers.set("Content-Type", format_of(type).name);
    return response;
}

net::Task<net::Response> answer_streamed(ListWalk walk, Representation form, Compression* gzip) {
    std::optional<ByteBudget::Lease> lease;
    if (gzip != nullptr) lease = gzip->lease(kHeldBack);
    StreamedItems items{std::move(walk), format_of(form.type), form.pretty};
    net::Response response = ok(form.type);
    bool more = co_await items.next(response.body);
    while (more && lease && response.body.size() <= kGzipThreshold) {
        co_await net::yield();
        more = co_await items.next(response.body);
    }
    if (more) response.source = std::make_unique<StreamedBody>(std::move(items));
    if (lease && response.body.size() > kGzipThreshold) compress(response, std::move(*lease));
    co_return response;
}

class EncodedBody final : public net::BodySource, public KeptLists::Reader {
  public:
    using Reader::Reader;

    net::Task<net::Result<net::Piece>> next(std::string& out) override {
        co_await net::yield();
        co_return take(out);
    }
};

// One that others make, or made within the last second, or a new one.
std::shared_ptr<Encoding> find_encoding(ListWalk walk, const std::optional<ListKey>& key, Compression* gzip,
                                        KeptLists& kept) {
    std::shared_ptr<Encoding> encoding = key ? kept.find(*key) : nullptr;
    if (encoding) return encoding;
    encoding = std::make_shared<Encoding>(kept, std::move(walk), gzip);
    if (key) kept.share(*key, encoding);
    return encoding;
}

net::Task<net::Response> answer_encoded(ListWalk walk, Representation form, Compression* gzip,
                                        std::optional<ListKey> key, KeptLists& kept) {
    const std::shared_ptr<Encoding> encoding = find_encoding(std::move(walk), key, gzip, kept);
    auto body = std::make_unique<EncodedBody>(kept, encoding);
    if (!key) encoding->close();
    co_await encoding->made();
    if (!encoding->complete()) co_return answer_too_many();
    net::Response response = ok(form.type);
    response.body = encoding->head();
    if (encoding->compressed()) set_gzip_headers(response);
    if (body->begin()) response.source = std::move(body);
    co_return response;
}

}  // namespace

net::Task<net::Response> answer_list(ListWalk walk, Representation form, Compression* gzip,
                                     std::optional<ListKey> key, KeptLists& kept) {
    if (format_of(form.type).piece_bytes == 0)
        return answer_encoded(std::move(walk), form, gzip, std::move(key), kept);
    return answer_streamed(std::move(walk), form, gzip);
}

}  // namespace apiserver
