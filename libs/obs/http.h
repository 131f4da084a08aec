// The listener for operators: /metrics, /healthz (the process runs) and /readyz (it can serve).
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "libs/base/error.h"

namespace karez::obs {

class OperatorListener {
 public:
  // `listen` is host:port. `ready` returns an empty text, or why the process cannot serve; called
  // on each request from a thread of the listener. UNAVAILABLE when the port cannot be bound.
  static Result<std::unique_ptr<OperatorListener>> Start(const std::string& listen,
                                                         std::function<std::string()> ready);
  virtual ~OperatorListener() = default;  // stops listening
  // The port listened on; the one given unless that was 0.
  virtual int port() const = 0;
};

}  // namespace karez::obs
