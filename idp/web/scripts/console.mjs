// Long work shows its progress without reloading the page. Without this script the page has a
// button that does the same.
const place = document.querySelector('[data-job]');

async function look() {
  const answer = await fetch(`${place.dataset.job}.json`, { headers: { accept: 'application/json' } });
  if (!answer.ok) return;
  const job = await answer.json();
  if (job.state !== 'running') {
    location.replace(place.dataset.job);
    return;
  }
  const bar = place.querySelector('[data-job-progress]');
  if (job.of > 0) {
    bar.max = job.of;
    bar.value = job.done;
    place.querySelector('[data-job-text]').textContent = `${job.done} / ${job.of}`;
  }
  setTimeout(look, 500);
}

if (place) setTimeout(look, 300);
