// SPDX-License-Identifier: Apache-2.0
#include "sink/stdout/stdout_receiver.hpp"

#include <cerrno>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <poll.h>
#include <unistd.h>

namespace sink {
namespace {

// On the thread. errno of what went wrong; 0: all of it was written.
net::Task<int> write_all(int descriptor, std::string text) {
    for (std::string_view left = text; !left.empty();) {
        const ssize_t written = ::write(descriptor, left.data(), left.size());
        if (written >= 0) {
            left.remove_prefix(static_cast<std::size_t>(written));
            continue;
        }
        if (errno == EINTR) continue;
        if (errno != EAGAIN && errno != EWOULDBLOCK) co_return errno;
        pollfd waiting{descriptor, POLLOUT, 0};
        ::poll(&waiting, 1, -1);
    }
    co_return 0;
}

}  // namespace

net::Task<Verdict> StdoutReceiver::deliver(const Batch& batch, bool) {
    std::string text = batch.body;
    const int error = co_await boost::asio::co_spawn(thread_, write_all(descriptor_, std::move(text)),
                                                     boost::asio::use_awaitable);
    Verdict verdict;
    if (error == 0) {
        verdict.fate = Verdict::Fate::taken;
    } else {
        // Part of it may be out: written again it would stand there twice.
        verdict.fate = Verdict::Fate::refused;
        verdict.refused = batch.points;
        verdict.reason = "unwritable";
        verdict.said = std::system_category().message(error);
    }
    co_return verdict;
}

}  // namespace sink
