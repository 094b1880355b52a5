// SPDX-License-Identifier: Apache-2.0
#include "net/tls/handshake.hpp"

#include <string_view>

#include <boost/asio/ip/address.hpp>
#include <openssl/x509v3.h>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace net {

void keep_alive(int socket) {
    const auto set = [socket](int level, int option, int value) {
        ::setsockopt(socket, level, option, &value, sizeof value);
    };
    set(SOL_SOCKET, SO_KEEPALIVE, 1);
    set(IPPROTO_TCP, TCP_KEEPIDLE, 30);
    set(IPPROTO_TCP, TCP_KEEPINTVL, 10);
    set(IPPROTO_TCP, TCP_KEEPCNT, 3);
}

void expect_name(SSL* ssl, const std::string& name) {
    // Kept there for our own verification: OpenSSL's is not asked.
    X509_VERIFY_PARAM_set1_host(SSL_get0_param(ssl), name.data(), name.size());
}

void send_name(SSL* ssl, const std::string& name) {
    boost::system::error_code no_address;
    boost::asio::ip::make_address(name, no_address);
    if (!no_address) return;
    // What the macro SSL_set_tlsext_host_name does, without its old-style cast.
    SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, const_cast<char*>(name.c_str()));
}

void answer_plain_http(int socket) {
    static constexpr std::string_view kAnswer =
        "HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n";
    [[maybe_unused]] const ssize_t sent = ::send(socket, kAnswer.data(), kAnswer.size(), MSG_NOSIGNAL);
}

}  // namespace net
