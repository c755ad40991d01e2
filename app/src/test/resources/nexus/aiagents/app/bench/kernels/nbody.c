#include "kernel.h"

// Five bodies of equal mass on a ring that pull at each other.
#define BODIES 5
static double place[BODIES][3], speed[BODIES][3], mass[BODIES];

static void step(double time) {
    for (int i = 0; i < BODIES; i++) {
        for (int j = i + 1; j < BODIES; j++) {
            double d[3], square = 0.01;
            for (int k = 0; k < 3; k++) {
                d[k] = place[i][k] - place[j][k];
                square += d[k] * d[k];
            }
            double pull = time / (square * square_root(square));
            for (int k = 0; k < 3; k++) {
                speed[i][k] -= d[k] * mass[j] * pull;
                speed[j][k] += d[k] * mass[i] * pull;
            }
        }
    }
    for (int i = 0; i < BODIES; i++) {
        for (int k = 0; k < 3; k++) place[i][k] += time * speed[i][k];
    }
}

static u32 kernel(void) {
    static const double ring[BODIES][2] = {{1, 0}, {0.31, 0.95}, {-0.81, 0.59}, {-0.81, -0.59}, {0.31, -0.95}};
    for (int i = 0; i < BODIES; i++) {
        mass[i] = 0.2 + 0.05 * i;
        for (int k = 0; k < 3; k++) {
            place[i][k] = k < 2 ? ring[i][k] : 0.1 * i;
            speed[i][k] = k == 0 ? -0.5 * ring[i][1] : k == 1 ? 0.5 * ring[i][0] : 0;
        }
    }
    for (int i = 0; i < 500000; i++) step(0.001);
    double energy = 0;
    for (int i = 0; i < BODIES; i++) {
        for (int k = 0; k < 3; k++) energy += mass[i] * speed[i][k] * speed[i][k];
    }
    return (u32) (energy * 1000);
}
