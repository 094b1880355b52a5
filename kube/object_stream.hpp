// SPDX-License-Identifier: Apache-2.0
// Turns the bytes of a list or a watch into calls of an observer, while they arrive.
#pragma once

#include "kube/failure.hpp"
#include "kube/reflector.hpp"
#include "kube/wire/encoding.hpp"
#include "kube/wire/stream_reader.hpp"
#include "net/http/message.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace kube {

struct EncodedObject {
    Encoding encoding;
    std::string_view bytes;
};

// An observer of any kind of object, fed with encoded ones. Errors are Errc::malformed, and then nothing was
// called.
class Delivery {
  public:
    virtual ~Delivery() = default;
    virtual void begin_list() = 0;
    virtual void end_list() = 0;
    virtual net::Result<> put(EncodedObject object) = 0;
    virtual net::Result<> removed(EncodedObject object) = 0;
    // Only looks at it: see resource_version().
    virtual net::Result<> look(EncodedObject object) = 0;
    // The version of the object in the last call that succeeded.
    virtual const std::string& resource_version() const = 0;
};

// Objects are decoded into `blank`, which may say what is to be read of them.
template <class Object>
std::unique_ptr<Delivery> deliver_to(Observer<Object>& observer, Object blank = {});

// Counts the objects that had to be skipped, and logs the first of them: one bad object costs itself only.
class SkippedObjects {
  public:
    explicit SkippedObjects(std::string resource) : resource_{std::move(resource)} {}
    ~SkippedObjects();
    SkippedObjects(const SkippedObjects&) = delete;
    SkippedObjects& operator=(const SkippedObjects&) = delete;
    void add();

  private:
    std::string resource_;
    std::uint64_t count_ = 0;
};

// Takes one page of a list. begin_list() is called when a first page's head has come, end_list() never.
class ListSink final : public net::BodySink {
  public:
    enum class Page { first, further };
    ListSink(const std::string& resource, Page page, Delivery& delivery)
        : page_{page}, delivery_{delivery}, skipped_{resource} {}

    net::Result<> head(const net::ResponseHead& head) override;
    net::Result<> body(std::string_view piece) override;
    // Call it when the exchange went well.
    net::Result<> finish() const;

    // After finish() only.
    const ListReader& list() const { return *reader_; }
    std::uint64_t objects() const { return objects_; }

  private:
    Page page_;
    Delivery& delivery_;
    // Since the head has come.
    Encoding encoding_ = Encoding::protobuf;
    std::unique_ptr<ListReader> reader_;
    SkippedObjects skipped_;
    std::uint64_t objects_ = 0;
};

// Takes a watch, and keeps `version` at the last one seen.
class WatchSink final : public net::BodySink {
  public:
    WatchSink(const std::string& resource, std::string& version, Delivery& delivery,
              std::function<void()> opened)
        : version_{version}, delivery_{delivery}, skipped_{resource}, opened_{std::move(opened)} {}

    net::Result<> head(const net::ResponseHead& head) override;
    net::Result<> body(std::string_view piece) override;
    net::Result<> finish() const;

    // What an ERROR event said; it ends the exchange with Errc::watch_error.
    const std::optional<Failure>& failure() const { return failure_; }

  private:
    net::Result<> take(std::string_view frame);
    net::Result<> apply(std::string_view type, EncodedObject object);
    void take_error(std::string_view object);

    std::string& version_;
    Delivery& delivery_;
    // Since the head has come.
    Encoding encoding_ = Encoding::protobuf;
    std::unique_ptr<WatchReader> reader_;
    SkippedObjects skipped_;
    std::function<void()> opened_;
    std::optional<Failure> failure_;
};

}  // namespace kube
