// SPDX-License-Identifier: Apache-2.0
// One connection of the server: reads requests, has them answered, sends the answers.
#pragma once

#include "net/connection.hpp"
#include "net/http/reader.hpp"
#include "net/http/scratch.hpp"
#include "net/http/server.hpp"
#include "net/http/writer.hpp"
#include "net/limits/admission.hpp"
#include "net/limits/request_memory.hpp"
#include "net/tls/server_handshake.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace net {

// What the sessions of a server share.
struct SessionShares {
    const ServerOptions& options;
    RequestHandler& handler;
    Admission& admission;
    HandshakePace& pace;
    RequestMemory& memory;
    // For the certificates of clients that proved nothing.
    RequestMemory& certificates;
    ServerCounts& counts;
};

class HttpSession final : Admission::Guest, RequestMemory::Holder {
  public:
    // `shares` must outlive it. tls unset: plain HTTP.
    HttpSession(Connection connection, SessionShares& shares, std::optional<TlsServer> tls);

    // Until the client or the server has had enough.
    Task<> run();
    // Ends at once when idle, else after the answer in progress.
    void stop();

  private:
    // Counts the bytes of the client's certificate until the client has proved something.
    struct ShownBytes final : RequestMemory::Holder {
        explicit ShownBytes(HttpSession& s) : session{s} {}
        void on_shortage() override { session.on_dropped(); }
        HttpSession& session;
    };

    // Others need its place, or the memory of its request.
    void on_dropped() override;
    void on_shortage() override;
    void interrupt();

    void prove();
    void log(std::string_view message, Error why);

    Task<bool> shake_hands();
    Task<std::optional<Request>> next_request();
    Task<Result<>> read_into(RequestReader& reader);
    Result<> feed(RequestReader& reader);
    Task<> refuse(Error why);
    Task<> turn_away(Response response);
    Task<> drain();
    Task<Response> answer(Request request);
    Task<bool> send(Response& response, int version, bool head_only, bool keep);
    Task<bool> send_stream(Response& response, std::string& out, Framing framing, Deadline deadline);

    Connection connection_;
    SessionShares& shares_;
    std::optional<ServerHandshake> handshake_;
    // Bytes that came and belong to no request yet.
    std::string unused_;
    PeerCertificate certificate_;
    ShownBytes shown_bytes_{*this};
    boost::asio::ip::tcp::endpoint local_;
    boost::asio::ip::tcp::endpoint remote_;
    bool client_keeps_ = false;
    bool idle_ = true;
    bool stopping_ = false;
    bool dropped_ = false;
    bool short_of_memory_ = false;
};

}  // namespace net
