#pragma once

#include "idp/http/request_ids.hpp"
#include "idp/http/response.hpp"
#include "idp/http/server.hpp"

#include <exception>
#include <optional>
#include <string>

namespace kommpass::idp::http {

// From a request to its answer: which route, what instead if there is none, and what every answer
// must have. Knows no socket.
class dispatcher {
public:
    dispatcher(const router& routes, error_answer on_error, observe::log& log);

    struct decision {
        const router::route* route = nullptr;
        const handler* to_await = nullptr;  // set: its answer, once awaited, is the answer
        response answer;                    // else this
    };
    [[nodiscard]] decision decide(const request&) const;

    // The answer to what no handler gets to see, or has failed at.
    [[nodiscard]] response refuse(const request&, unsigned status) const;
    // Logs the exception at hand; the 500 page.
    [[nodiscard]] response after_exception(const request&) const;

    // Last touches to any answer: CORS, "not modified", and the refusal of an unsafe head.
    void finish(response&, const request&, const router::route*) const;

private:
    [[nodiscard]] response other_method(const request&, const router::route&) const;
    [[nodiscard]] response with_allow(response, const request&) const;

    const router& routes_;
    error_answer on_error_;
    observe::log& log_;
};

}  // namespace kommpass::idp::http
