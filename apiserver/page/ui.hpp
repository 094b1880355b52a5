// SPDX-License-Identifier: Apache-2.0
// What is served below /ui: the page for browsers, and below /ui/api/ the figures it draws. All is read only;
// who may read these paths may read what every pod uses.
#pragma once

#include "apiserver/page/assets/assets.hpp"
#include "apiserver/page/data.hpp"
#include "apiserver/page/snapshot/sources.hpp"
#include "apiserver/request/query.hpp"
#include "net/http/message.hpp"
#include "net/task.hpp"

#include <optional>
#include <string_view>

namespace apiserver {

inline constexpr std::string_view kUiRoot = "/ui";

class Ui {
  public:
    // It must outlive its answers.
    explicit Ui(PageSources sources, PageDataOptions options = {});

    // `path` is that of the request's target, decoded. nullopt: it is not /ui, nor below it.
    net::Task<std::optional<net::Response>> respond(const net::Request& request, std::string_view path,
                                                    const Query& query);

    // What every answer below /ui says to browsers.
    static void set_policy(net::Response& response);

    PageData& data() { return data_; }

  private:
    net::Task<net::Response> answer(const net::Request& request, std::string_view path, const Query& query);

    PageData data_;
    Assets assets_;
};

}  // namespace apiserver
