#pragma once

#include <cstdint>
#include <initializer_list>
#include <random>
#include <string>
#include <vector>

namespace kommpass::tests::attacks {

// What a seed decides, the same on every machine (the distributions of the standard library are
// not). An empty choice is a bug of the test.
class dice {
public:
    explicit dice(std::uint32_t seed) : engine_(seed) {}

    std::size_t below(std::size_t bound) { return engine_() % bound; }
    bool one_in(std::size_t n) { return below(n) == 0; }
    std::uint32_t seed() { return static_cast<std::uint32_t>(engine_()); }

    template <class T>
    const T& of(const std::vector<T>& all) {
        return all.at(below(all.size()));
    }
    std::string of(std::initializer_list<const char*> all) {
        return all.begin()[below(all.size())];
    }

private:
    std::mt19937 engine_;
};

}  // namespace kommpass::tests::attacks
