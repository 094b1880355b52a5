// SPDX-License-Identifier: Apache-2.0
#include "apiserver/list/kept_lists.hpp"

namespace apiserver {

void KeptLists::taken(List& list) {
    list.taken_ = clock_();
    if (list.is_linked()) list.unlink();
    lists_.push_back(list);
}

bool KeptLists::make_room() {
    if (lists_.empty() || clock_() - lists_.front().taken_ < kPatience) return false;
    List& list = lists_.front();
    lists_.pop_front();
    list.give_up();
    return true;
}

}  // namespace apiserver
