// SPDX-License-Identifier: Apache-2.0
#include "topd/credentials/followed_files.hpp"

#include "net/task_group.hpp"

namespace topd {

net::Task<> FollowedFiles::run() {
    for (;;) {
        co_await net::sleep_until(net::Clock::now() + kLookAgain);
        for (const auto& read_again : read_again_) read_again();
    }
}

}  // namespace topd
