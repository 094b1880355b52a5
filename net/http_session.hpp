// SPDX-License-Identifier: Apache-2.0
// One connection of the server: reads requests, has them answered, sends the answers.
#pragma once

#include "net/connection.hpp"
#include "net/http_reader.hpp"
#include "net/http_server.hpp"
#include "net/http_writer.hpp"
#include "net/scratch.hpp"

#include <memory>
#include <optional>
#include <string>

namespace net {

class HttpSession {
  public:
    HttpSession(Connection connection, const ServerOptions& options, RequestHandler& handler);

    // Until the client or the server has had enough.
    Task<> run();
    // Ends at once when idle, else after the answer in progress.
    void stop();

  private:
    Task<std::optional<Request>> next_request();
    Task<Result<>> read_into(RequestReader& reader);
    Result<> feed(RequestReader& reader);
    Task<> refuse(Error why);
    Task<> turn_away(Response response);
    Task<> drain();
    Task<Response> answer(Request request);
    Task<bool> send(Response& response, int version, bool head_only, bool keep);
    Task<bool> send_stream(Response& response, std::string& out, Framing framing);

    Connection connection_;
    const ServerOptions& options_;
    RequestHandler& handler_;
    // Bytes that came and belong to no request yet.
    std::string unused_;
    PeerCertificate certificate_;
    boost::asio::ip::tcp::endpoint local_;
    boost::asio::ip::tcp::endpoint remote_;
    bool client_keeps_ = false;
    bool idle_ = true;
    bool stopping_ = false;
};

}  // namespace net
