#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "mj/http/message.hpp"
#include "mj/http/query.hpp"

namespace mj::http {

/// A request that found its route.
struct Call {
  std::map<std::string, std::string, std::less<>> path;  ///< values of the {names} of the path, decoded
  Query query;
  const Request* request = nullptr;  ///< never null while a handler runs

  [[nodiscard]] const std::string& at(std::string_view name) const { return path.find(name)->second; }
};

using Handler = std::function<Result<Answer>(const Call&)>;

/// One operation of a service.
struct Route {
  std::string_view operation;  ///< operationId
  Method method = Method::get;
  std::string_view path;  ///< template, e.g. "/api/points/{id}/series"
  Handler handler;
  bool rest = false;  ///< the last {name} takes the whole rest of the path, slashes included
};

/// Finds the operation of a request by the path templates.
class Router {
 public:
  /// `name`: of the service in log lines; `hint`: what one who asked for an unknown path should look at.
  Router(std::vector<Route> routes, Refusal refusal, std::string name, std::string hint = {});
  [[nodiscard]] const std::vector<Route>& routes() const { return routes_; }

  /// Runs the handler; failures become error answers: 404 for an unknown path, 405 with Allow for another method.
  [[nodiscard]] Answer answer(const Request& request) const;

 private:
  std::vector<Route> routes_;
  Refusal refusal_;
  std::string name_;
  std::string hint_;
};

}  // namespace mj::http
