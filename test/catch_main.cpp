// SPDX-License-Identifier: Apache-2.0
#define CATCH_CONFIG_RUNNER
#include <csignal>

#include <catch2/catch.hpp>

int main(int argc, char** argv) {
    // As topd does: OpenSSL writes to sockets that the peer has closed, and must get an error for it.
    std::signal(SIGPIPE, SIG_IGN);
    return Catch::Session().run(argc, argv);
}
