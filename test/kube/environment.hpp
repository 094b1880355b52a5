// SPDX-License-Identifier: Apache-2.0
// The process's environment, set for the length of a scope.
#pragma once

#include <string>

#include <stdlib.h>

namespace kube::test {

// Sets a variable of the environment, or removes it (nullptr), until the end of the scope.
class Variable {
  public:
    Variable(const char* name, const char* value) : name_{name} {
        if (const char* old = getenv(name)) old_ = old, had_ = true;
        set(value);
    }
    ~Variable() { set(had_ ? old_.c_str() : nullptr); }
    Variable(const Variable&) = delete;
    Variable& operator=(const Variable&) = delete;

  private:
    void set(const char* value) const {
        if (value)
            setenv(name_, value, 1);
        else
            unsetenv(name_);
    }

    const char* name_;
    std::string old_;
    bool had_ = false;
};

// No proxy of the machine that runs the tests counts.
struct CleanEnvironment {
    Variable a{"HTTPS_PROXY", nullptr}, b{"https_proxy", nullptr}, c{"HTTP_PROXY", nullptr};
    Variable d{"http_proxy", nullptr}, e{"NO_PROXY", nullptr}, f{"no_proxy", nullptr};
};

}  // namespace kube::test
